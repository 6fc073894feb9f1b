import type { Json } from '../json.ts';

/** The boundary at the start of the text (RFC 2046, section 5.1.1). */
const FRAME = /^(?:\r?\n)?--([^\r\n]{1,70}?)[ \t]*\r?\n/;

/**
 * The named parts of multipart/form-data, in order: a field as text, a file as its name, type and content. The boundary, which
 * changes with each delivery, is dropped. Null if the text is not multipart.
 */
export function readMultipart(text: string): readonly (readonly [string, Json])[] | null {
  const boundary = FRAME.exec(text)?.[1];
  if (boundary === undefined || !text.includes(`\n--${boundary}--`)) return null;
  const [, ...rest] = `\n${text}`.split(`\n--${boundary}`);
  const parts = rest.slice(0, -1).map(readPart);
  return parts.every((part) => part !== null) && parts.length > 0 ? parts : null;
}

function readPart(text: string): readonly [string, Json] | null {
  const [, head, content] = /^[ \t]*\r?\n((?:[^\r\n]+\r?\n)+)\r?\n([^]*)$/.exec(text) ?? [];
  if (head === undefined || content === undefined) return null;
  const disposition = /^content-disposition:\s*form-data\b(.*)$/im.exec(head)?.[1] ?? '';
  const named = (attribute: string): string | undefined =>
    new RegExp(`;\\s*${attribute}=(?:"([^"]*)"|([^;\\s]*))`, 'i').exec(disposition)?.slice(1).find(Boolean);
  const name = named('name');
  if (name === undefined) return null;
  const value = content.replace(/\r$/, '');
  const filename = named('filename');
  if (filename === undefined) return [name, value];
  const type = /^content-type:\s*(.+?)\s*$/im.exec(head)?.[1] ?? '';
  return [name, { filename, type, content: value }];
}
