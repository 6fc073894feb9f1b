/*
 * Results and metadata are kept as they were sent: numbers too large for a double, escapes, duplicate members. So they
 * are cut out of the request's text. Every function here expects text that JSON.parse has accepted, and none recurses.
 */

/** The text of a top-level object's member, the last one where there are several, as JSON.parse sees it. */
export function rawMember(json: string, name: string): string | null {
  let found: string | null = null;
  let at = skipSpace(json, 0);
  if (json[at] !== '{') return null;
  at = skipSpace(json, at + 1);
  while (json[at] === '"') {
    const nameEnd = skipString(json, at);
    const matches = sameName(json.slice(at, nameEnd), name);
    const start = skipSpace(json, skipSpace(json, nameEnd) + 1);
    const end = skipValue(json, start);
    if (matches) found = json.slice(start, end);
    at = skipSpace(json, end);
    if (json[at] === ',') at = skipSpace(json, at + 1);
  }
  return found;
}

/** Whether lists and objects stand within each other on more levels; of any text, JSON or not. */
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

/** The texts of a list's elements, in order. */
export function rawElements(json: string): string[] {
  const elements: string[] = [];
  let at = skipSpace(json, 0);
  if (json[at] !== '[') return elements;
  at = skipSpace(json, at + 1);
  while (at < json.length && json[at] !== ']') {
    const end = skipValue(json, at);
    elements.push(json.slice(at, end));
    at = skipSpace(json, end);
    if (json[at] === ',') at = skipSpace(json, at + 1);
  }
  return elements;
}

function sameName(quoted: string, name: string): boolean {
  return quoted.includes('\\') ? JSON.parse(quoted) === name : quoted.slice(1, -1) === name;
}

function skipSpace(json: string, from: number): number {
  let at = from;
  for (;;) {
    const code = json.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
    at += 1;
  }
}

/** From the opening quotation mark to behind the closing one. */
function skipString(json: string, from: number): number {
  let at = from + 1;
  for (;;) {
    const code = json.charCodeAt(at);
    if (code === 0x22 || Number.isNaN(code)) return at + 1;
    at += code === 0x5c ? 2 : 1;
  }
}

function skipValue(json: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < json.length) {
    const char = json[at];
    if (char === '"') {
      at = skipString(json, at);
      if (depth === 0) return at;
      continue;
    }
    if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') {
      // The end of what holds a number or a word.
      if (depth === 0) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (
      depth === 0 &&
      (char === ',' || char === ' ' || char === '\n' || char === '\r' || char === '\t')
    ) {
      return at;
    }
    at += 1;
  }
  return at;
}
