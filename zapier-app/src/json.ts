/** What came over HTTP: parsed JSON; the text itself where it is none; undefined where there was nothing. */
export function parse(content: string): unknown {
  if (content === '') return undefined;
  try {
    return JSON.parse(content) as unknown;
  } catch {
    return content;
  }
}
