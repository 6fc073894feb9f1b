import { asText, isObject, type JsonObject } from '../json.ts';
import { readAnswer } from './model-apis.ts';
import { holdsAnything } from './seen.ts';
import { hasThoughts } from './text.ts';

/** The types of parts that contain reasoning, of all APIs. */
const THOUGHTS = new Set(['thinking', 'redacted_thinking', 'reasoning', 'thought']);
/** The types of parts that record calls of an API's own tools, and what they found. They are not part of the answer. */
const ON_THE_WAY = new Set([
  ...['server_tool_use', 'web_search_tool_result', 'web_fetch_tool_result', 'tool_search_tool_result'],
  ...['web_search_call', 'file_search_call', 'mcp_list_tools', 'compaction'],
  ...['google_search_call', 'google_search_result', 'url_context_call', 'url_context_result'],
  ...['tool.execution', 'reference'],
]);
/** The types of parts that hold text. A part of any other type, such as a picture or a tool call, counts as content. */
const TEXTS = new Set([...['text', 'output_text', 'message', 'message.output', 'model_output', 'refusal']]);
/** Members with visible text. */
const CONTENT = new Set(['content', 'text', 'parts', 'refusal', 'mergedResponse', 'merged_response']);
/** Members with reasoning. */
const THOUGHT = /^(?:thinking|tool_plan|reasoning(?:_?content|_text|_details)?)$/i;
/** Members that describe content, and are not content themselves. */
const ABOUT_IT = new Set([
  ...['annotations', 'citations', 'logprobs', 'metadata', 'usage', 'usageMetadata', 'thoughtSignature'],
  ...['provider_specific_fields', 'content_filter_results', 'attachments', 'fullResponse'],
  // What was searched and executed for an answer, by Azure and by Groq.
  ...['context', 'executed_tools'],
]);

/** Whether a model's answer is empty, and how many tokens its reasoning took, if it says so. */
export interface ModelVerdict {
  /** Nothing is visible. An answer that was cut off but shows something is not empty: another try would be cut off and paid for, too. */
  readonly empty: boolean;
  readonly reasoningTokens: number | null;
}

/** The verdict on a model's answer of any API; null if the value is not a model's answer. */
export function readModelAnswer(value: unknown): ModelVerdict | null {
  if (!isObject(value)) return null;
  const answer = readAnswer(value);
  if (answer === null) return null;
  const { visible, thought: isThoughtIn } = together(answer.contents.map((content) => lookAt(content)));
  const thought = isThoughtIn || (answer.reasoningTokens ?? 0) > 0;
  return {
    empty: !visible,
    // If the answer does not say, but contains only reasoning, all of its output tokens were reasoning.
    reasoningTokens: answer.reasoningTokens ?? (thought && !visible ? answer.outputTokens : null),
  };
}

interface Look {
  /** It contains something that an automation can use: text, a refusal, a picture, a tool call, JSON. */
  readonly visible: boolean;
  readonly thought: boolean;
}

const THINKING: Look = { visible: false, thought: true };
const NOTHING: Look = { visible: false, thought: false };

const together = (looks: readonly Look[]): Look => ({
  visible: looks.some(({ visible }) => visible),
  thought: looks.some(({ thought }) => thought),
});

/** Deep enough for a list of parts in a message in an answer. No API nests deeper. */
const DEEPEST = 4;

/** What is visible in a text, a message, a part of one, or a list of these. */
function lookAt(content: unknown, depth = 0): Look {
  if (typeof content === 'string') return { visible: holdsAnything(content), thought: hasThoughts(content) };
  if (depth < DEEPEST && Array.isArray(content))
    return together((content as unknown[]).map((part) => lookAt(part, depth + 1)));
  if (depth < DEEPEST && isObject(content)) return lookAtPart(content, depth);
  return { visible: holdsAnything(content), thought: false };
}

function lookAtPart(part: JsonObject, depth: number): Look {
  const type = asText(part['type']);
  if (THOUGHTS.has(type) || part['thought'] === true) return THINKING;
  if (ON_THE_WAY.has(type)) return NOTHING;
  if (type === 'image_generation_call') return { visible: holdsAnything(part['result']), thought: false };
  if (type !== '' && !TEXTS.has(type)) return { visible: true, thought: false };
  const holdsText = type !== '' || 'role' in part || Object.keys(part).some((name) => CONTENT.has(name));
  return together(
    Object.entries(part).map(([name, member]) => {
      if (THOUGHT.test(name)) return { visible: false, thought: holdsAnything(member) };
      if (CONTENT.has(name)) return lookAtText(member, depth + 1);
      // Beside the content, a text may be an id and a number an index, so only members that are objects, such as a tool call, count.
      const counts = !ABOUT_IT.has(name) && (!holdsText || typeof member === 'object');
      return counts ? { visible: holdsAnything(member), thought: false } : NOTHING;
    }),
  );
}

/** A text, or its parts. An object is JSON that a model wrote, or a text of the Assistants API with its annotations. */
function lookAtText(text: unknown, depth: number): Look {
  if (!isObject(text)) return lookAt(text, depth);
  const { value, annotations } = text;
  return typeof value === 'string' && Array.isArray(annotations)
    ? lookAt(value)
    : { visible: holdsAnything(text), thought: false };
}
