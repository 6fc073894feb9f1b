import { isObject } from '../json.ts';
import { readAnthropicMessage } from './anthropic.ts';
import { readGeminiAnswer } from './gemini.ts';
import { readChatAnswer } from './openai-chat.ts';
import { readResponsesAnswer } from './openai-responses.ts';

/** What a model's answer shows, whichever API it came from. */
export interface ModelAnswer {
  /** Something that the automation can use: text, a refusal, a picture, a call of a tool. */
  readonly visible: boolean;
  /** The answer ended at the limit of its length. */
  readonly cutOff: boolean;
  /** What it was paid for thinking; null where it does not say. */
  readonly reasoningTokens: number | null;
  /** It thought, whether or not it says how much. */
  readonly thought: boolean;
}

const READERS = [readChatAnswer, readResponsesAnswer, readAnthropicMessage, readGeminiAnswer];

/**
 * Whether a model's answer is as good as none, and what its thoughts cost; null where the value is no model's answer. An
 * answer that was cut off after it had thought counts as none, however much of it is there.
 */
export function readModelAnswer(
  value: unknown,
): { readonly empty: boolean; readonly reasoningTokens: number | null } | null {
  if (!isObject(value)) return null;
  for (const read of READERS) {
    const answer = read(value);
    if (answer === null) continue;
    const { visible, cutOff, thought, reasoningTokens } = answer;
    return { empty: !visible || (cutOff && thought), reasoningTokens };
  }
  return null;
}
