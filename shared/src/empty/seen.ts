import { shownText } from './text.ts';

/** Whether a value contains anything but blank text. It does not recurse, so the value may have any depth. */
export function holdsAnything(content: unknown): boolean {
  const open: unknown[] = [content];
  while (open.length > 0) if (isSeen(open.pop(), open)) return true;
  return false;
}

/** Whether a value is visible by itself. Otherwise, the values in it are added to `open`, to be judged next. */
export function isSeen(value: unknown, open: unknown[]): boolean {
  if (typeof value === 'string') {
    const shown = shownText(value);
    const said = shown === '' ? null : readJson(shown);
    if (said === undefined) return true;
    open.push(said);
    return false;
  }
  if (typeof value !== 'object') return value !== undefined;
  // Not `push(...values)`, since a list may have more members than a call can have arguments.
  if (value !== null) for (const member of Object.values(value)) open.push(member);
  return false;
}

/** The value of a text that is JSON, since steps may pass answers on as text; undefined for plain text. */
function readJson(text: string): unknown {
  if (!/^\s*(?:[[{"]|null\s*$)/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
