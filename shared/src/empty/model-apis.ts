import { isObject, type JsonObject } from '../json.ts';

/** A model's answer, as far as it matters whether there is anything in it. */
export interface ModelAnswer {
  /** Where something may be seen: messages, their parts, texts. */
  readonly contents: readonly unknown[];
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
  const isEmpty = Array.isArray(answer['choices']) && choices.length === 0 && isObject(answer['usage']);
  if (!areChoices && !isEmpty && answer['object'] !== 'chat.completion') return null;
  return {
    contents: choices.flatMap(({ message, text }) => [message, text]),
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
  if (isUnderWay(answer)) return null;
  return {
    contents: items,
    reasoningTokens: count(answer, 'usage', 'output_tokens_details', 'reasoning_tokens'),
    outputTokens: count(answer, 'usage', 'output_tokens'),
  };
};

/**
 * Gemini's interactions (ai.google.dev/gemini-api/docs/interactions) and Mistral's conversations
 * (docs.mistral.ai/api/endpoint/beta/conversations): what came out, one after the other.
 */
const interaction: ModelApi = (answer) => {
  const { object, outputs, steps } = answer;
  if ((object !== 'interaction' && object !== 'conversation.response') || isUnderWay(answer)) return null;
  return {
    contents: objectsIn(outputs ?? steps).filter(({ type }) => type !== 'user_input'),
    reasoningTokens: count(answer, 'usage', 'total_thought_tokens'),
    outputTokens: count(answer, 'usage', 'completion_tokens'),
  };
};

/** What is made in the background has no answer yet: its id is what it gave. */
const isUnderWay = ({ status }: JsonObject): boolean => status === 'queued' || status === 'in_progress';

/**
 * A message by itself: Anthropic's (docs.anthropic.com/en/api/messages), one of OpenAI's chat, responses or threads, or what
 * is left of it where a node simplifies: `content`, with thoughts or the text of all parts beside it.
 */
const message: ModelApi = (answer) =>
  isMessage(answer) || isSimplified(answer)
    ? {
        contents: 'stop_reason' in answer ? ofAnthropic(answer) : [answer],
        reasoningTokens:
          count(answer, 'usage', 'output_tokens_details', 'thinking_tokens') ??
          count(answer, 'usage', 'output_tokens_details', 'reasoning_tokens'),
        outputTokens: count(answer, 'usage', 'output_tokens'),
      }
    : null;

/** What else is in a whole message tells of its container and its context. Why it was refused is for people. */
const ofAnthropic = ({ content, stop_details: details }: JsonObject): readonly unknown[] => [
  content,
  isObject(details) ? details['explanation'] : undefined,
];

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
  const said = answer['content'];
  const isCandidate = isObject(said)
    ? 'finishReason' in answer || said['role'] === 'model'
    : 'finishReason' in answer && Object.keys(answer).every((name) => OF_CANDIDATES.has(name));
  const candidates = isCandidate ? [answer] : objectsIn(answer['candidates']);
  const known = candidates.some((each) => 'finishReason' in each || isObject(each['content']));
  // A prompt that was blocked has no candidates.
  if (!known && !isObject(answer['usageMetadata']) && !isObject(answer['promptFeedback'])) return null;
  return {
    contents: candidates.flatMap(({ content, mergedResponse }) => [
      isObject(content) ? content['parts'] : content,
      mergedResponse,
    ]),
    reasoningTokens: count(answer, 'usageMetadata', 'thoughtsTokenCount'),
    outputTokens: null,
  };
};

/** What a candidate has that shows nothing, as one that was blocked. */
const OF_CANDIDATES = new Set([
  ...['finishReason', 'finishMessage', 'index', 'safetyRatings', 'citationMetadata', 'groundingMetadata'],
  ...['avgLogprobs', 'logprobsResult', 'tokenCount', 'urlContextMetadata', 'mergedResponse'],
]);

/** Ollama's generate and chat (github.com/ollama/ollama/blob/main/docs/api.md). */
const ollama: ModelApi = (answer) => {
  const { done, response: text, thinking, message: said, image } = answer;
  if (typeof done !== 'boolean' || !(typeof text === 'string' || isObject(said))) return null;
  return {
    contents: [said ?? { content: text, thinking, images: [image ?? null] }],
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
const APIS: readonly ModelApi[] = [
  ...[response, interaction, bedrock, gemini, ollama, cohere, chatCompletion, message, part, aiSdk, agent],
];

/** What is to be known of an answer, whichever API gave it, also with its headers, as n8n's HTTP Request node can add them. */
export function readAnswer(answer: JsonObject): ModelAnswer | null {
  const { body, headers, statusCode } = answer;
  const given = typeof statusCode === 'number' && isObject(headers) && isObject(body) ? body : answer;
  for (const read of APIS) {
    const known = read(given);
    if (known !== null) return known;
  }
  return null;
}

/** What says nothing but its content. */
const silent = (contents: readonly unknown[]): ModelAnswer => ({
  ...{ contents, reasoningTokens: null, outputTokens: null },
});

/** The members of a list that are objects. */
const objectsIn = (list: unknown): readonly JsonObject[] =>
  Array.isArray(list) ? (list as unknown[]).filter(isObject) : [];

/** A number on the way down these names; null where there is none. */
function count(value: unknown, ...names: readonly string[]): number | null {
  let found = value;
  for (const name of names) found = isObject(found) ? found[name] : undefined;
  return typeof found === 'number' ? found : null;
}
