import { readModelAnswer } from './model-answer.ts';
import { isBlankText } from './text.ts';

export interface Emptiness {
  readonly empty: boolean;
  /** What the model was paid for thinking, where the result is its answer and says so. */
  readonly reasoningTokens: number | null;
}

/**
 * Whether there is nothing in a result: it is missing, blank text, thoughts and nothing after them, a list or object that
 * holds nothing else, or a model's answer that shows nothing or was cut off while it thought. Does not recurse, however
 * deep.
 */
export function judgeResult(result: unknown): Emptiness {
  let reasoningTokens: number | null = null;
  const open: unknown[] = [result];
  while (open.length > 0) {
    const value = open.pop();
    const answer = readModelAnswer(value);
    if (answer !== null) {
      if (!answer.empty) return { empty: false, reasoningTokens: null };
      if (answer.reasoningTokens !== null) reasoningTokens = (reasoningTokens ?? 0) + answer.reasoningTokens;
    } else if (typeof value === 'string') {
      const said = isBlankText(value) ? null : readJson(value);
      if (said === undefined) return { empty: false, reasoningTokens: null };
      open.push(said);
    } else if (typeof value === 'object' && value !== null) {
      // One by one: a call takes only so many arguments, and a list may have more members.
      for (const member of Object.values(value)) open.push(member);
    } else if (value !== null && value !== undefined) return { empty: false, reasoningTokens: null };
  }
  return { empty: true, reasoningTokens };
}

/** What text says that is JSON, as steps pass answers on; undefined where it is plain text. */
function readJson(text: string): unknown {
  if (!/^\s*(?:[[{]|null\s*$|""\s*$)/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export const isEmptyResult = (result: unknown): boolean => judgeResult(result).empty;
