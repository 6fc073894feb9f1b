import { readModelAnswer } from './model-answer.ts';
import { isSeen } from './seen.ts';

export interface Emptiness {
  readonly empty: boolean;
  /** What the model was paid for thinking, where the result is its answer and says so. */
  readonly reasoningTokens: number | null;
}

/**
 * Whether there is nothing in a result: it is missing, blank text, thoughts and nothing after them, a list or object that
 * holds nothing else, or a model's answer that shows nothing. Does not recurse, however deep.
 */
export function judgeResult(result: unknown): Emptiness {
  let reasoningTokens: number | null = null;
  const open: unknown[] = [result];
  while (open.length > 0) {
    const value = open.pop();
    const answer = readModelAnswer(value);
    if (answer === null ? isSeen(value, open) : !answer.empty) return { empty: false, reasoningTokens: null };
    const tokens = answer?.reasoningTokens ?? null;
    if (tokens !== null) reasoningTokens = (reasoningTokens ?? 0) + tokens;
  }
  return { empty: true, reasoningTokens };
}

export const isEmptyResult = (result: unknown): boolean => judgeResult(result).empty;
