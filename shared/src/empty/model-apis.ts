import { isObject, type JsonObject } from '../json.ts';

/** The parts of a model's answer that decide whether it is empty. */
export interface ModelAnswer {
  /** What may contain something visible: messages, their parts, texts. */
  readonly contents: readonly unknown[];
  /** The tokens used for reasoning; null if the answer does not say. */
  readonly reasoningTokens: number | null;
  /** All output tokens, including reasoning; null if the answer does not say. */
  readonly outputTokens: number | null;
}

/** Reads an answer of one API, or what a platform's node or module passes on of it; null if the value is not one. */
type ModelApi = (answer: JsonObject) => ModelAnswer | null;

/**
 * Chat completions of OpenAI (platform.openai.com/docs/api-reference/chat/object), and of all compatible APIs, such as Azure, Groq,
 * xAI, DeepSeek, Mistral and OpenRouter: the answer, or one of its choices.
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

/** Responses of OpenAI (platform.openai.com/docs/api-reference/responses/object), or the messages of one. */
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
 * Interactions of Gemini (ai.google.dev/gemini-api/docs/interactions) and conversations of Mistral
 * (docs.mistral.ai/api/endpoint/beta/conversations): their outputs, in order.
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

/** Whether the answer is still being made in the background. It is then not judged: its id is the result. */
const isUnderWay = ({ status }: JsonObject): boolean => status === 'queued' || status === 'in_progress';

/**
 * A single message: of Anthropic (docs.anthropic.com/en/api/messages), of OpenAI's chat, responses or threads, or as a node
 * simplifies it: `content`, with the reasoning or the text of all parts beside it.
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

/** The content, and the explanation of a refusal. The other members describe the container and the context. */
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

/** A single part of a message, as in a list of parts that a node passes on. */
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

/** generateContent of Gemini, also on Vertex (ai.google.dev/api/generate-content), or one of its candidates. */
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

/** The members of a candidate without content, such as one that was blocked. */
const OF_CANDIDATES = new Set([
  ...['finishReason', 'finishMessage', 'index', 'safetyRatings', 'citationMetadata', 'groundingMetadata'],
  ...['avgLogprobs', 'logprobsResult', 'tokenCount', 'urlContextMetadata', 'mergedResponse'],
]);

/** generate and chat of Ollama (github.com/ollama/ollama/blob/main/docs/api.md). */
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

/** chat of Cohere, version 2 (docs.cohere.com/reference/chat) and version 1 (docs.cohere.com/v1/reference/chat). */
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

/** The output of an agent in n8n, beside its intermediate steps or its thread. */
const agent: ModelApi = (answer) => {
  const names = 'output' in answer ? Object.keys(answer) : [];
  return names.length > 1 && names.every((name) => OF_AGENTS.has(name)) ? silent([answer['output']]) : null;
};

const OF_AGENTS = new Set(['output', 'intermediateSteps', 'threadId', 'usage']);

/** The order matters: the first API that recognises an answer reads it. */
const APIS: readonly ModelApi[] = [
  ...[response, interaction, bedrock, gemini, ollama, cohere, chatCompletion, message, part, aiSdk, agent],
];

/** Reads a model's answer of any API, also inside a full HTTP response, as n8n's HTTP Request node can return it. */
export function readAnswer(answer: JsonObject): ModelAnswer | null {
  const { body, headers, statusCode } = answer;
  const given = typeof statusCode === 'number' && isObject(headers) && isObject(body) ? body : answer;
  for (const read of APIS) {
    const known = read(given);
    if (known !== null) return known;
  }
  return null;
}

/** An answer that does not say how many tokens it took. */
const silent = (contents: readonly unknown[]): ModelAnswer => ({
  ...{ contents, reasoningTokens: null, outputTokens: null },
});

/** The items of a list that are objects. */
const objectsIn = (list: unknown): readonly JsonObject[] =>
  Array.isArray(list) ? (list as unknown[]).filter(isObject) : [];

/** The number at a path of names; null if there is none. */
function count(value: unknown, ...names: readonly string[]): number | null {
  let found = value;
  for (const name of names) found = isObject(found) ? found[name] : undefined;
  return typeof found === 'number' ? found : null;
}
