import { isTooDeep, MAX_LEVELS, type Json, type JsonObject } from '../json.ts';
import { parseExactly } from './exact-json.ts';
import { readHeaders } from './headers.ts';
import { readMultipart } from './multipart.ts';

/** A webhook delivery as a platform or a request passes it on. */
export interface GivenDelivery {
  /** In any form that `readHeaders` reads. */
  readonly headers?: unknown;
  /** The body: its original text, or parsed. Signatures can only be checked with the text. */
  readonly payload: unknown;
  /** The URL to which it was sent, for senders that sign it. */
  readonly url?: string;
  /** Default: POST. */
  readonly method?: string;
}

/** A webhook delivery after parsing. */
export interface Delivery {
  /** The value of a header, by its name in lower case; empty if it is missing. */
  readonly header: (name: string) => string;
  /** The parsed JSON, the fields of a form as an object, or else the text. */
  readonly body: Json;
  /** The original text of the body; null if it came parsed. */
  readonly text: string | null;
  readonly url: string | null;
  readonly method: string;
}

/** Why no key can be derived: the field that must be corrected, and a sentence. */
export interface Fault {
  readonly field:
    | 'source'
    | 'headers'
    | 'payload'
    | 'fields'
    | 'leave_out'
    | 'job'
    | 'url'
    | 'signing_secret'
    | 'require_signature';
  readonly message: string;
}

/** Unreadable headers are refused: without them, the sender would not be recognised, and the whole content would become the key. */
const UNREADABLE_HEADERS: Fault = {
  field: 'headers',
  message:
    'headers holds no header that can be read. Map all headers of the webhook, not the value of one. Or write one on each line, such as X-GitHub-Delivery: 72d3162e.',
};

/** Parses a delivery. Returns a fault if the payload is missing, nested too deeply, or not JSON. */
export function readDelivery(given: GivenDelivery): Delivery | Fault {
  const { payload } = given;
  if (payload === undefined || payload === null) {
    return { field: 'payload', message: 'payload is missing. Map the body of the webhook.' };
  }
  const headers = readHeaders(given.headers);
  if (headers === undefined) return UNREADABLE_HEADERS;
  const header = (name: string): string => headers.get(name) ?? '';
  const body = typeof payload === 'string' ? readBody(payload, header('content-type')) : payload;
  if (body === undefined || isTooDeep(body)) {
    return { field: 'payload', message: `payload is nested more than ${String(MAX_LEVELS)} levels deep.` };
  }
  const said = plain(body);
  const unsayable = placeOfNoJson(said);
  if (unsayable !== null) {
    const where = unsayable === '' ? '' : ` at “${unsayable}”`;
    const message = `payload holds${where} a value that JSON cannot write, such as a number beyond 1.8e308.`;
    return { field: 'payload', message };
  }
  return {
    header,
    body: said as Json,
    text: typeof payload === 'string' ? payload : null,
    url: given.url ?? null,
    method: given.method ?? 'POST',
  };
}

/** Applies `toJSON`, since a workflow's code may pass on dates. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return (value as { toJSON(): unknown }).toJSON();
  if (Array.isArray(value)) return (value as unknown[]).map(plain);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
}

/** The path of the first value that JSON cannot represent; null if there is none. */
function placeOfNoJson(value: unknown): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : '';
  if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol') return '';
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, each] of Object.entries(value)) {
    const inside = placeOfNoJson(each);
    if (inside !== null) return inside === '' ? name : `${name}.${inside}`;
  }
  return null;
}

const FORM = /^[^=&\s{}[\]"]+=[^&\s]*(?:&[^=&\s]+=[^&\s]*)*$/;

/** Parses a body; undefined if it is JSON that is nested too deeply. */
function readBody(text: string, contentType: string): unknown {
  // A byte-order mark is not part of the content.
  const body = text.replace(/^\uFEFF/, '');
  if (contentType.toLowerCase().includes('x-www-form-urlencoded')) return fieldsOf(new URLSearchParams(body));
  const parts = readMultipart(body);
  if (parts !== null) return fieldsOf(parts);
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return FORM.test(body) ? fieldsOf(new URLSearchParams(body)) : body;
  }
  return isTooDeep(parsed) ? undefined : parseExactly(body);
}

/** The fields of a form. A field that occurs several times becomes a list. */
function fieldsOf(pairs: Iterable<readonly [string, Json]>): JsonObject {
  const fields = new Map<string, Json[]>();
  for (const [name, value] of pairs) {
    const values = fields.get(name);
    if (values === undefined) fields.set(name, [value]);
    else values.push(value);
  }
  return Object.fromEntries(
    [...fields].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
}
