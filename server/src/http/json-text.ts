import { LIMITS } from '@onceonly/shared/limits.ts';
import { isNestedDeeper } from './raw-json.ts';
import { count, type Refusal } from './refusal.ts';

/** More levels than the largest result can have. Parsing deeper text would take seconds. */
const MAX_LEVELS = LIMITS.resultBytes / 2 + 10;

/** The value of JSON text, or a refusal that says why it cannot be used. */
export function parseJson(text: string): { readonly value: unknown } | Refusal {
  if (text.length > MAX_LEVELS && isNestedDeeper(text, MAX_LEVELS)) {
    const detail = `The request's body is nested more than ${count(MAX_LEVELS)} levels deep.`;
    return { status: 422, detail };
  }
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return notJson(
      text.trim() === '' ? 'it is empty' : 'look for a missing comma, quotation mark or bracket',
    );
  }
}

export function whyNotJson(text: string): Refusal | null {
  const parsed = parseJson(text);
  return 'status' in parsed ? parsed : null;
}

export const notJson = (why: string): Refusal => ({
  status: 422,
  detail: `The request's body is not valid JSON: ${why}.`,
});
