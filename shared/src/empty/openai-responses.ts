import { asText, type JsonObject } from '../json.ts';
import type { ModelAnswer } from './model-answer.ts';
import { countAt, isShown, objectsIn } from './parts.ts';

/** What the model did for itself on the way to an answer. */
const ON_THE_WAY = new Set(['reasoning', 'web_search_call', 'file_search_call']);

/**
 * OpenAI's responses (platform.openai.com/docs/api-reference/responses/object). An item that is neither a message nor on the
 * way to one is a call of a tool, or what a tool made.
 */
export function readResponsesAnswer(answer: JsonObject): ModelAnswer | null {
  if (answer['object'] !== 'response' || !Array.isArray(answer['output'])) return null;
  const items = objectsIn(answer['output']);
  const reasoningTokens = countAt(answer, 'usage', 'output_tokens_details', 'reasoning_tokens');
  const details = answer['incomplete_details'];
  return {
    visible: items.some((item) =>
      item['type'] === 'message'
        ? objectsIn(item['content']).some((part) => isShown(part['text']) || isShown(part['refusal']))
        : !ON_THE_WAY.has(asText(item['type'])),
    ),
    cutOff:
      answer['status'] === 'incomplete' &&
      objectsIn([details]).some((each) => each['reason'] === 'max_output_tokens'),
    reasoningTokens,
    thought: (reasoningTokens ?? 0) > 0,
  };
}
