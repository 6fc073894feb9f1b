/*
 * Results and metadata are stored exactly as they were sent, with numbers too large for a double, escapes and duplicate members.
 * So they are cut out of the request's text. Unless it says otherwise, a function here expects valid JSON. None recurses.
 */

/** The texts of the named members of a top-level object. Of duplicate members, the last one counts, as for JSON.parse. */
export function rawMembers(json: string, names: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let at = skipSpace(json, 0);
  if (json[at] !== '{') return found;
  at = skipSpace(json, at + 1);
  while (json[at] === '"') {
    const nameEnd = skipString(json, at);
    const quoted = json.slice(at, nameEnd);
    const name = names.find((each) => isName(quoted, each));
    const start = skipSpace(json, skipSpace(json, nameEnd) + 1);
    const end = skipValue(json, start);
    if (name !== undefined) found.set(name, json.slice(start, end));
    at = skipSpace(json, end);
    if (json[at] === ',') at = skipSpace(json, at + 1);
  }
  return found;
}

export const rawMember = (json: string, name: string): string | null =>
  rawMembers(json, [name]).get(name) ?? null;

/** Whether lists and objects are nested on more levels than this. The text need not be JSON. */
export function isNestedDeeper(text: string, levels: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = skipString(text, at) - 1;
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > levels) return true;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return false;
}

/** The texts of the elements of a list, in order. */
export function* elementsOf(json: string): Generator<string, void> {
  let at = skipSpace(json, 0);
  if (json[at] !== '[') return;
  at = skipSpace(json, at + 1);
  while (at < json.length && json[at] !== ']') {
    const end = skipValue(json, at);
    yield json.slice(at, end);
    at = skipSpace(json, end);
    if (json[at] === ',') at = skipSpace(json, at + 1);
  }
}

function isName(quoted: string, name: string): boolean {
  if (quoted.length === name.length + 2) return quoted.startsWith(name, 1);
  return quoted.includes('\\') && JSON.parse(quoted) === name;
}

function skipSpace(json: string, from: number): number {
  let at = from;
  for (;;) {
    const code = json.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
    at += 1;
  }
}

/** The index after the closing quotation mark. `from`: the index of the opening one. */
function skipString(json: string, from: number): number {
  let quote = json.indexOf('"', from + 1);
  while (quote >= 0 && isEscaped(json, quote)) quote = json.indexOf('"', quote + 1);
  return quote < 0 ? json.length : quote + 1;
}

/** Whether an odd number of backslashes stands in front. */
function isEscaped(json: string, at: number): boolean {
  let from = at;
  while (json.charCodeAt(from - 1) === 0x5c) from -= 1;
  return (at - from) % 2 === 1;
}

function skipValue(json: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < json.length) {
    switch (json.charCodeAt(at)) {
      case 0x22: // "
        at = skipString(json, at);
        if (depth === 0) return at;
        continue;
      case 0x7b: // {
      case 0x5b: // [
        depth += 1;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        // The bracket closes the list or object that contains a number or a literal, which ends here.
        if (depth === 0) return at;
        depth -= 1;
        if (depth === 0) return at + 1;
        break;
      case 0x2c: // ,
      case 0x20:
      case 0x0a:
      case 0x0d:
      case 0x09:
        if (depth === 0) return at;
    }
    at += 1;
  }
  return at;
}
