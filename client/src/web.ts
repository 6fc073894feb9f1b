import { isEventStream, MOST_BYTES, type Answer } from './answer.ts';
import { answerOnce, readKey } from './idempotency-key.ts';
import { checkOptions, type IdempotencyKeyOptions } from './idempotency-key-options.ts';
import type { Once } from './types.ts';

export { attemptOf } from './idempotency-key.ts';
export type { IdempotencyKeyOptions } from './idempotency-key-options.ts';

/** Any handler that takes a Request and returns a Response, as in Hono, Next, Workers, Bun and Deno. */
export type Handler<R extends Request, More extends readonly unknown[]> = (
  request: R,
  ...more: More
) => Response | Promise<Response>;

/**
 * Wraps a handler so that it handles one request for each `Idempotency-Key`; every later one gets the same response. The request and
 * up to 42 KiB of the response are read into memory. A longer response, and server-sent events, are passed on and not repeated.
 */
export function idempotencyKey<R extends Request, More extends readonly unknown[]>(
  once: Once,
  handler: Handler<R, More>,
  options: IdempotencyKeyOptions<R>,
): (request: R, ...more: More) => Promise<Response> {
  checkOptions(options);
  return async (request, ...more) => {
    const key = readKey(request.method, request.headers.get('idempotency-key'), options);
    if (key === null) return handler(request, ...more);
    if (typeof key !== 'string') return responseOf(key);
    const { pathname, search } = new URL(request.url);
    // Cloned, since the handler reads the request itself.
    const copy = request.clone();
    let own: Response | undefined;
    const other = await answerOnce(
      once,
      {
        ...{ request, key, method: request.method, path: pathname + search },
        contentType: request.headers.get('content-type'),
        body: async () => new Uint8Array(await copy.arrayBuffer()),
      },
      options,
      async () => {
        const read = await readWhole(await handler(request, ...more));
        own = read.response;
        return read.answer;
      },
    );
    return other === undefined ? (own ?? Response.error()) : responseOf(other);
  };
}

function responseOf({ status, headers, body }: Answer): Response {
  const isEmpty = body === null || body.length === 0;
  return new Response(isEmpty ? null : Uint8Array.from(body), {
    status,
    headers: headers.map(([name, value]) => [name, value]),
  });
}

/** Reads a response. Returns what it holds, and an unread response to send instead. */
async function readWhole(response: Response): Promise<{ answer: Answer; response: Response }> {
  const answer = { status: response.status, headers: [...response.headers], body: new Uint8Array() };
  if (response.body === null) return { answer, response };
  if (isEventStream(response.headers.get('content-type')))
    return { answer: { ...answer, body: null }, response };
  const reader = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>).getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
    if (length > MOST_BYTES)
      return { answer: { ...answer, body: null }, response: new Response(goOn(chunks, reader), response) };
  }
  const blob = new Blob(chunks);
  const body = new Uint8Array(await blob.arrayBuffer());
  return { answer: { ...answer, body }, response: new Response(body, response) };
}

/** A stream of the chunks that were already read, followed by the rest. */
const goOn = (
  chunks: readonly Uint8Array[],
  reader: ReadableStreamDefaultReader<Uint8Array>,
): ReadableStream =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const each of chunks) controller.enqueue(each);
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
