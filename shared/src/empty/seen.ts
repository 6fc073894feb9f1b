import { shownText } from './text.ts';

/** Whether anything but blank text is in a value. Does not recurse, however deep. */
export function holdsAnything(content: unknown): boolean {
  const open: unknown[] = [content];
  while (open.length > 0) if (isSeen(open.pop(), open)) return true;
  return false;
}

/** Whether a value by itself can be seen; what is in it is added to what is open. */
export function isSeen(value: unknown, open: unknown[]): boolean {
  if (typeof value === 'string') {
    const shown = shownText(value);
    const said = shown === '' ? null : readJson(shown);
    if (said === undefined) return true;
    open.push(said);
    return false;
  }
  if (typeof value !== 'object') return value !== undefined;
  // One by one: a call takes only so many arguments, and a list may have more members.
  if (value !== null) for (const member of Object.values(value)) open.push(member);
  return false;
}

/** What text says that is JSON, as steps pass answers on; undefined where it is plain text. */
function readJson(text: string): unknown {
  if (!/^\s*(?:[[{"]|null\s*$)/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
