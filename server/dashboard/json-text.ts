/** A text, a bracket, a comma or colon, or a number or word. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{},:]|[^\s"[\]{},:]+/g;
/** What is nested deeper stands on one line: each level would make every line of it longer. */
const INDENTED_LEVELS = 40;

/*
 * A result is kept as it was sent, and so it is shown: JSON.parse rounds large numbers, and JSON.stringify fails where lists
 * are nested by the thousand. Both functions expect text that is JSON, and do not recurse.
 */

/** The text of a member of a top-level object; null where there is none. */
export function memberOf(json: string, name: string): string | null {
  let depth = 0;
  let member: string | undefined;
  let found: string | null = null;
  let from = 0;
  let before = '';
  for (const { 0: token, index } of json.matchAll(TOKENS)) {
    if (token === '}' || token === ']') depth -= 1;
    if ((depth === 1 && token === ',') || (depth === 0 && token === '}')) {
      if (member === name) found = json.slice(from, index).trim();
      member = undefined;
    } else if (depth === 1 && token === ':' && member === undefined) {
      member = JSON.parse(before) as string;
      from = index + 1;
    }
    if (token === '{' || token === '[') depth += 1;
    before = token;
  }
  return found;
}

/** The same JSON, each member and item on a line of its own. */
export function indented(json: string): string {
  const parts: string[] = [];
  let levels = 0;
  let before = '';
  for (const [token] of json.matchAll(TOKENS)) {
    const begins = before === '{' || before === '[';
    const ends = token === '}' || token === ']';
    const isInside = levels <= INDENTED_LEVELS;
    if (begins && !ends) {
      levels += 1;
      if (levels <= INDENTED_LEVELS) parts.push(lineAt(levels));
    } else if (ends && !begins) {
      levels -= 1;
      if (isInside) parts.push(lineAt(levels));
    } else if (before === ',') parts.push(isInside ? lineAt(levels) : ' ');
    parts.push(token === ':' ? ': ' : token);
    before = token;
  }
  return parts.join('');
}

const lineAt = (levels: number): string => `\n${'  '.repeat(levels)}`;
