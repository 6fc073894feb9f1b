/*
 * What a key, a result or a server says comes from elsewhere, and is shown on somebody's terminal: what would move the
 * cursor, or hide, is written out.
 */

/** Text within a line. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, written);
}

/** Text of several lines of our own. */
export function printableLines(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, written);
}

/** A key or another name, within a sentence. */
export const quoted = (name: string): string => `“${printable(name)}”`;

/** The value as JSON, a line or `indent`ed. Programs read the same value, and a terminal shows all of it. */
export function json(value: unknown, indent?: number): string {
  const escaped = (one: string): string =>
    [...Array(one.length).keys()]
      .map((unit) => `\\u${one.charCodeAt(unit).toString(16).padStart(4, '0')}`)
      .join('');
  return `${JSON.stringify(value, null, indent).replace(/[^\P{C}\n]/gu, escaped)}\n`;
}

const written = (one: string): string => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`;
