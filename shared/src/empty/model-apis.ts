import { isObject, type Json, type JsonObject } from '../json.ts';

/** A model's answer, as far as it matters whether there is anything in it. */
export interface ModelAnswer {
  /** Where something may be seen: messages, their parts, texts. */
  readonly contents: readonly unknown[];
  /** Why each of them ended, in the API's word; none where it does not say. */
  readonly endings: readonly string[];
  /** Tokens that were paid for thinking; null where it does not say. */
  readonly reasoningTokens: number | null;
  /** Tokens that came out, thoughts included; null where it does not say. */
  readonly outputTokens: number | null;
}

/** Reads an answer of one API, or what nodes and modules pass on of it; null where the value is none. */
type ModelApi = (answer: JsonObject) => ModelAnswer | null;

/**
 * OpenAI's chat completions, and whoever answers as they do, Azure, Groq, xAI, DeepSeek, Mistral and OpenRouter among them
 * (platform.openai.com/docs/api-reference/chat/object): the answer, or one of its choices.
 */
const chatCompletion: ModelApi = (answer) => {
  const choices = 'choices' in answer ? objectsIn(answer['choices']) : [answer];
  const areChoices = choices.length > 0 && choices.every(isChoice);
  if (!areChoices && answer['object'] !== 'chat.completion') return null;
  return {
    contents: choices.flatMap(({ message, text }) => [message, text]),
    endings: texts(choices.map((choice) => choice['finish_reason'])),
    reasoningTokens:
      count(answer, 'usage', 'completion_tokens_details', 'reasoning_tokens') ??
      count(answer, 'usage', 'reasoning_tokens'),
    outputTokens: count(answer, 'usage', 'completion_tokens'),
  };
};

const isChoice = (choice: JsonObject): boolean =>
  'finish_reason' in choice && (isObject(choice['message']) || typeof choice['text'] === 'string');

/** OpenAI's responses (platform.openai.com/docs/api-reference/responses/object), or the messages of one. */
const response: ModelApi = (answer) => {
  const items = objectsIn(answer['output']);
  const areMessages = items.length > 0 && items.every(isMessage);
  if (!Array.isArray(answer['output']) || !(answer['object'] === 'response' || areMessages)) return null;
  const details = answer['incomplete_details'];
  return {
    contents: items,
    endings: texts([isObject(details) ? details['reason'] : undefined]),
    reasoningTokens: count(answer, 'usage', 'output_tokens_details', 'reasoning_tokens'),
    outputTokens: count(answer, 'usage', 'output_tokens'),
  };
};

/**
 * A message by itself: Anthropic's (docs.anthropic.com/en/api/messages), one of OpenAI's chat, responses or threads, or what
 * is left of it where a node simplifies: `content`, with thoughts or the text of all parts beside it.
 */
const message: ModelApi = (answer) =>
  isMessage(answer) || isSimplified(answer)
    ? {
        contents: [answer],
        endings: texts([answer['stop_reason'], answer['finish_reason']]),
        reasoningTokens: null,
        outputTokens: count(answer, 'usage', 'output_tokens'),
      }
    : null;

const isMessage = (answer: JsonObject): boolean => answer['role'] === 'assistant' && 'content' in answer;

const BESIDE_CONTENT = new Set([
  ...['content', 'merged_response', 'reasoning_content', 'reasoning', 'thinking'],
  ...['model', 'usage', 'fullResponse'],
]);

const isSimplified = (answer: JsonObject): boolean =>
  (typeof answer['content'] === 'string' || Array.isArray(answer['content'])) &&
  Object.keys(answer).every((name) => BESIDE_CONTENT.has(name));

/** A part of a message by itself, as a list of parts is passed on. */
const part: ModelApi = (answer) => {
  const { type } = answer;
  const isText = (type === 'text' || type === 'output_text') && 'text' in answer;
  const isThought =
    answer['thought'] === true ||
    typeof answer['thoughtSignature'] === 'string' ||
    (type === 'thinking' && 'thinking' in answer) ||
    (type === 'redacted_thinking' && 'data' in answer) ||
    (type === 'reasoning' && ('summary' in answer || 'text' in answer));
  return isText || isThought ? silent([answer]) : null;
};

/** Gemini's generateContent, on Vertex too (ai.google.dev/api/generate-content), or one of its candidates. */
const gemini: ModelApi = (answer) => {
  const isCandidate = isObject(answer['content']) && 'finishReason' in answer;
  const candidates = isCandidate ? [answer] : objectsIn(answer['candidates']);
  const known = candidates.some((each) => 'finishReason' in each || isObject(each['content']));
  // A prompt that was blocked has no candidates.
  if (!known && !isObject(answer['usageMetadata']) && !isObject(answer['promptFeedback'])) return null;
  return {
    contents: candidates.flatMap(({ content, mergedResponse }) => [
      isObject(content) ? content['parts'] : content,
      mergedResponse,
    ]),
    endings: texts(candidates.map((each) => each['finishReason'])),
    reasoningTokens: count(answer, 'usageMetadata', 'thoughtsTokenCount'),
    outputTokens: null,
  };
};

/** Ollama's generate and chat (github.com/ollama/ollama/blob/main/docs/api.md). */
const ollama: ModelApi = (answer) => {
  const { done, response: text, thinking, message: said } = answer;
  if (typeof done !== 'boolean' || !(typeof text === 'string' || isObject(said))) return null;
  return {
    contents: [said ?? { content: text, thinking }],
    endings: texts([answer['done_reason']]),
    reasoningTokens: null,
    outputTokens: count(answer, 'eval_count'),
  };
};

/** Converse of Amazon Bedrock (docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html). */
const bedrock: ModelApi = (answer) => {
  const { output, stopReason } = answer;
  if (!isObject(output) || !isObject(output['message']) || typeof stopReason !== 'string') return null;
  return {
    contents: [output['message']],
    endings: [stopReason],
    reasoningTokens: null,
    outputTokens: count(answer, 'usage', 'outputTokens'),
  };
};

/** Cohere's chat, version 2 (docs.cohere.com/reference/chat) and 1 (docs.cohere.com/v1/reference/chat). */
const cohere: ModelApi = (answer) => {
  const isFirst = typeof answer['text'] === 'string' && 'generation_id' in answer;
  const isSecond = isObject(answer['message']) && isObject(answer['usage']) && 'finish_reason' in answer;
  if (!isFirst && !isSecond) return null;
  const { text, tool_calls: calls, message: said } = answer;
  return {
    contents: [isFirst ? { text, tool_calls: calls } : said],
    endings: texts([answer['finish_reason']]),
    reasoningTokens: null,
    outputTokens: count(answer, isFirst ? 'meta' : 'usage', 'tokens', 'output_tokens'),
  };
};

/** generateText of the AI SDK (ai-sdk.dev/docs/reference/ai-sdk-core/generate-text). */
const aiSdk: ModelApi = (answer) => {
  const { text, finishReason, toolCalls, files, reasoning, reasoningText } = answer;
  if (typeof text !== 'string' || typeof finishReason !== 'string') return null;
  return {
    contents: [{ text, toolCalls, files, reasoning: reasoningText ?? reasoning }],
    endings: [finishReason],
    reasoningTokens:
      count(answer, 'usage', 'outputTokenDetails', 'reasoningTokens') ??
      count(answer, 'usage', 'reasoningTokens'),
    outputTokens: count(answer, 'usage', 'outputTokens'),
  };
};

/** An agent's output, beside the steps on its way or the thread that it goes on with, as n8n's nodes give it. */
const agent: ModelApi = (answer) => {
  const names = 'output' in answer ? Object.keys(answer) : [];
  return names.length > 1 && names.every((name) => OF_AGENTS.has(name)) ? silent([answer['output']]) : null;
};

const OF_AGENTS = new Set(['output', 'intermediateSteps', 'threadId', 'usage']);

/** In this order: the first that knows an answer reads it. */
export const MODEL_APIS: readonly ModelApi[] = [
  ...[response, bedrock, gemini, ollama, cohere, chatCompletion, message, part, aiSdk, agent],
];

/** What says nothing but its content. */
const silent = (contents: readonly unknown[]): ModelAnswer => ({
  ...{ contents, endings: [], reasoningTokens: null, outputTokens: null },
});

/** The members of a list that are objects. */
const objectsIn = (list: unknown): readonly JsonObject[] =>
  Array.isArray(list) ? (list as unknown[]).filter(isObject) : [];

const texts = (values: readonly (Json | undefined)[]): readonly string[] =>
  values.filter((value) => typeof value === 'string');

/** A number on the way down these names; null where there is none. */
function count(value: unknown, ...names: readonly string[]): number | null {
  let found = value;
  for (const name of names) found = isObject(found) ? found[name] : undefined;
  return typeof found === 'number' ? found : null;
}
