import { asText, isObject, type JsonObject } from '../json.ts';
import { readAnswer } from './model-apis.ts';
import { holdsAnything } from './seen.ts';
import { hasThoughts } from './text.ts';

/** Parts in which a model thinks, whichever API they come from. */
const THOUGHTS = new Set(['thinking', 'redacted_thinking', 'reasoning', 'thought']);
/** Parts that tell what an API's own tools were asked on the way to an answer, and what they found. */
const ON_THE_WAY = new Set([
  ...['server_tool_use', 'web_search_tool_result', 'web_fetch_tool_result', 'tool_search_tool_result'],
  ...['web_search_call', 'file_search_call', 'mcp_list_tools', 'compaction'],
  ...['google_search_call', 'google_search_result', 'url_context_call', 'url_context_result'],
  ...['tool.execution', 'reference'],
]);
/** Parts that hold text. What is of any other type, a picture or a call of a tool, is seen by itself. */
const TEXTS = new Set([...['text', 'output_text', 'message', 'message.output', 'model_output', 'refusal']]);
/** Members whose text people see. */
const CONTENT = new Set(['content', 'text', 'parts', 'refusal', 'mergedResponse', 'merged_response']);
/** Members that hold thoughts. */
const THOUGHT = /^(?:thinking|tool_plan|reasoning(?:_?content|_text|_details)?)$/i;
/** Members that say something about a content, and are none. */
const ABOUT_IT = new Set([
  ...['annotations', 'citations', 'logprobs', 'metadata', 'usage', 'usageMetadata', 'thoughtSignature'],
  ...['provider_specific_fields', 'content_filter_results', 'attachments', 'fullResponse'],
  // What was searched and run for an answer: Azure's, Groq's.
  ...['context', 'executed_tools'],
]);
/** Whether a model's answer is as good as none, and what its thoughts cost in tokens where it says so. */
export interface ModelVerdict {
  /** It shows nothing. One that was cut off and shows something is an answer: another try would be cut off, and paid for, too. */
  readonly empty: boolean;
  readonly reasoningTokens: number | null;
}

/** The verdict on a model's answer, whichever API gave it; null where the value is no model's answer. */
export function readModelAnswer(value: unknown): ModelVerdict | null {
  if (!isObject(value)) return null;
  const answer = readAnswer(value);
  if (answer === null) return null;
  const { visible, thought: isThoughtIn } = together(answer.contents.map((content) => lookAt(content)));
  const thought = isThoughtIn || (answer.reasoningTokens ?? 0) > 0;
  return {
    empty: !visible,
    // Where it does not say, and nothing but thoughts came out, all that came out was paid for thinking.
    reasoningTokens: answer.reasoningTokens ?? (thought && !visible ? answer.outputTokens : null),
  };
}

interface Look {
  /** Something that the automation can use: text, a refusal, a picture, a call of a tool, JSON. */
  readonly visible: boolean;
  readonly thought: boolean;
}

const THINKING: Look = { visible: false, thought: true };
const NOTHING: Look = { visible: false, thought: false };

const together = (looks: readonly Look[]): Look => ({
  visible: looks.some(({ visible }) => visible),
  thought: looks.some(({ thought }) => thought),
});

/** A list of parts in a message in an answer. What is deeper is no part of any API. */
const DEEPEST = 4;

/** What is to be seen in a message, in a part of one, in a list of these, or in a text. */
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
      // Beside its content, a text may be an id, and a number a place in a list; what has members is a picture or a call.
      const counts = !ABOUT_IT.has(name) && (!holdsText || typeof member === 'object');
      return counts ? { visible: holdsAnything(member), thought: false } : NOTHING;
    }),
  );
}

/** A text, or parts of one. An object in its place is JSON that a model wrote, or a text of Assistants with its annotations. */
function lookAtText(text: unknown, depth: number): Look {
  if (!isObject(text)) return lookAt(text, depth);
  const { value, annotations } = text;
  return typeof value === 'string' && Array.isArray(annotations)
    ? lookAt(value)
    : { visible: holdsAnything(text), thought: false };
}
