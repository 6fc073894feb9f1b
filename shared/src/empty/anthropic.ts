import { asText, type JsonObject } from '../json.ts';
import type { ModelAnswer } from './model-answer.ts';
import { countAt, isShown, objectsIn } from './parts.ts';

/** Thoughts, and what a tool of Anthropic's own was asked on the way to an answer. */
const ON_THE_WAY = new Set(['thinking', 'redacted_thinking', 'server_tool_use', 'web_search_tool_result']);

/**
 * Anthropic's messages (docs.anthropic.com/en/api/messages). Its usage does not tell thoughts from text: where nothing but
 * thoughts came out, all that came out was paid for thinking; otherwise nobody knows.
 */
export function readAnthropicMessage(answer: JsonObject): ModelAnswer | null {
  if (answer['type'] !== 'message' || answer['role'] !== 'assistant' || !Array.isArray(answer['content']))
    return null;
  const blocks = objectsIn(answer['content']);
  const visible = blocks.some((block) =>
    block['type'] === 'text' ? isShown(block['text']) : !ON_THE_WAY.has(asText(block['type'])),
  );
  const thought = blocks.some(({ type }) => type === 'thinking' || type === 'redacted_thinking');
  return {
    visible,
    cutOff: answer['stop_reason'] === 'max_tokens',
    reasoningTokens: thought && !visible ? countAt(answer, 'usage', 'output_tokens') : null,
    thought,
  };
}
