import { isObject, type JsonObject } from '../json.ts';
import type { ModelAnswer } from './model-answer.ts';
import { countAt, isShown, objectsIn } from './parts.ts';

/**
 * OpenAI's chat completions, and whoever answers as they do (platform.openai.com/docs/api-reference/chat/object): the whole
 * answer, one of its choices, or the message alone, as nodes and modules that simplify pass it on. `reasoning_content` and
 * `reasoning` are thoughts.
 */
export function readChatAnswer(answer: JsonObject): ModelAnswer | null {
  const choices = choicesOf(answer);
  if (choices === null) return null;
  const reasoningTokens = countAt(answer, 'usage', 'completion_tokens_details', 'reasoning_tokens');
  const messages = choices.map((choice) => choice['message']).filter(isObject);
  return {
    visible: messages.some(showsSomething) || choices.some((choice) => isShown(choice['text'])),
    cutOff: choices.length > 0 && choices.every((choice) => choice['finish_reason'] === 'length'),
    reasoningTokens,
    thought:
      (reasoningTokens ?? 0) > 0 ||
      messages.some((each) => isShown(each['reasoning_content']) || isShown(each['reasoning'])),
  };
}

function choicesOf(answer: JsonObject): readonly JsonObject[] | null {
  const choices = objectsIn(answer['choices']);
  const areChoices =
    choices.length > 0 &&
    choices.every(
      (each) => isObject(each['message']) || (typeof each['text'] === 'string' && 'finish_reason' in each),
    );
  if (areChoices || answer['object'] === 'chat.completion') return choices;
  if (isObject(answer['message']) && 'finish_reason' in answer) return [answer];
  return answer['role'] === 'assistant' && 'content' in answer && answer['type'] !== 'message'
    ? [{ message: answer }]
    : null;
}

function showsSomething(message: JsonObject): boolean {
  const { content, refusal, tool_calls: calls, function_call: call, audio } = message;
  if (objectsIn(calls).length > 0 || isObject(call) || isObject(audio) || isShown(refusal)) return true;
  return (
    isShown(content) || objectsIn(content).some((part) => isShown(part['text']) || isShown(part['refusal']))
  );
}
