import { isEventStream, MOST_BYTES, type Answer } from './answer.ts';
import { answerOnce, readKey, type IdempotencyKeyOptions } from './idempotency-key.ts';
import type { Once } from './types.ts';

export { attemptOf, type IdempotencyKeyOptions } from './idempotency-key.ts';

/** Hono, Next, Workers, Bun, Deno: whatever answers a Request with a Response. */
export type Handler<R extends Request, More extends readonly unknown[]> = (
  request: R,
  ...more: More
) => Response | Promise<Response>;

/**
 * The same handler, which does a request once for each `Idempotency-Key`, and answers every later one as the first. Request and
 * answer are read whole, the answer up to 42 KiB; a longer one, and server-sent events, are handed on as they come, and not repeated.
 */
export const idempotencyKey =
  <R extends Request, More extends readonly unknown[]>(
    once: Once,
    handler: Handler<R, More>,
    options: IdempotencyKeyOptions<R>,
  ): ((request: R, ...more: More) => Promise<Response>) =>
  async (request, ...more) => {
    const key = readKey(request.method, request.headers.get('idempotency-key'), options);
    if (key === null) return handler(request, ...more);
    if (typeof key !== 'string') return responseOf(key);
    const { pathname, search } = new URL(request.url);
    // The handler reads the request itself.
    const copy = request.clone();
    let own: Response | undefined;
    const other = await answerOnce(
      once,
      {
        ...{ request, key, method: request.method, path: pathname + search },
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

function responseOf({ status, headers, body }: Answer): Response {
  const isEmpty = body === null || body.length === 0;
  return new Response(isEmpty ? null : Uint8Array.from(body), {
    status,
    headers: headers.map(([name, value]) => [name, value]),
  });
}

/** An answer, and a response to send in the place of the one that was read. */
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

/** What was read already, and then the rest. */
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
