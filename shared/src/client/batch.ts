import { Buffer } from 'node:buffer';
import { isOnceOnlyError, OnceOnlyError } from '../errors.ts';
import { isObject, type JsonObject } from '../json.ts';
import { LIMITS } from '../limits.ts';
import { readAnswer } from './answer.ts';
import type { Call } from './call.ts';

/** The answer to one item of a batch. */
export type Answered = { readonly answer: JsonObject } | { readonly error: OnceOnlyError };

/**
 * Sends many requests to a batch path, in batches that are limited in count and bytes. Returns the answer to each, in order. If a
 * batch gets no answer, its items and all later ones get that error, since the rest would not be answered either.
 */
export async function sendBatches(
  call: Call,
  path: string,
  bodies: readonly JsonObject[],
): Promise<readonly Answered[]> {
  const answered: Answered[] = [];
  for (const items of cut(bodies)) {
    try {
      const { answer } = await call.send(() => ({ method: 'POST', path, body: { items } }), call.deadlineAt);
      answered.push(...readItems(path, answer, items.length));
    } catch (error) {
      if (!isOnceOnlyError(error)) throw error;
      return [...answered, ...bodies.slice(answered.length).map(() => ({ error }))];
    }
  }
  return answered;
}

/** The length of `{"items":[]}`. */
const FRAME_BYTES = 12;

function* cut(bodies: readonly JsonObject[]): Generator<readonly JsonObject[]> {
  let items: JsonObject[] = [];
  let bytes = FRAME_BYTES;
  for (const body of bodies) {
    const added = Buffer.byteLength(JSON.stringify(body)) + 1;
    const full = items.length === LIMITS.batchItems || bytes + added > LIMITS.batchBodyBytes;
    if (full && items.length > 0) {
      yield items;
      items = [];
      bytes = FRAME_BYTES;
    }
    items.push(body);
    bytes += added;
  }
  if (items.length > 0) yield items;
}

function readItems(path: string, { items }: JsonObject, count: number): Answered[] {
  if (!Array.isArray(items) || items.length !== count) throw new OnceOnlyError('unexpected_answer');
  return items.map((item: unknown) => {
    if (!isObject(item)) return { error: new OnceOnlyError('unexpected_answer') };
    const refused = item['error'];
    const response = isObject(refused)
      ? { status: Number(refused['status']), headers: {}, body: { detail: refused['detail'] } }
      : { status: 200, headers: {}, body: item };
    // The answer to an item has the form of the answer to a single request.
    return readAnswer(path.replace(/\/batch$/, ''), response);
  });
}
