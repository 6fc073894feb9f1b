import { readModelAnswer } from './model-answer.ts';
import { isSeen } from './seen.ts';

export interface Emptiness {
  readonly empty: boolean;
  /** The tokens that the model used for reasoning, if the result is a model's answer that says so. */
  readonly reasoningTokens: number | null;
}

/**
 * Judges whether a result is empty: it is missing, blank, only a model's reasoning, a list or object of nothing else, or a model's
 * answer without visible content. It does not recurse, so it can judge a result of any depth.
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
