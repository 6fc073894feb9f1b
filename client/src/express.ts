import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { Answer } from './answer.ts';
import { hold, type Held } from './express-hold.ts';
import { answerOnce, readKey } from './idempotency-key.ts';
import { checkOptions, type IdempotencyKeyOptions } from './idempotency-key-options.ts';
import { invalid } from './options.ts';
import type { Once } from './types.ts';

export { attemptOf } from './idempotency-key.ts';
export type { IdempotencyKeyOptions } from './idempotency-key-options.ts';

/** What Express and its body parsers add to a request. */
interface Parsed {
  readonly originalUrl?: string;
  readonly body?: unknown;
  readonly rawBody?: unknown;
}

/**
 * Middleware for Express 4 and 5. It handles one request for each `Idempotency-Key`, and repeats the response for every later one.
 * Mount it after the body parser (`express.json()` or `express.raw()`) and after authentication. A response of up to 42 KiB is buffered
 * until it is recorded; a longer one, and server-sent events, are sent as they are written, and are not repeated.
 * A handler must end its response even if the caller is gone; what it pipes into the response is then cut off, and not repeated.
 */
export function idempotencyKey<R extends IncomingMessage>(
  once: Once,
  options: IdempotencyKeyOptions<R>,
): (request: R, response: ServerResponse, next: (error?: unknown) => void) => void {
  checkOptions(options);
  return (request, response, next) => {
    const { method = '', headers } = request;
    const { originalUrl: path = request.url ?? '' } = request as Parsed;
    const header = headers['idempotency-key'];
    const key = readKey(method, header === undefined ? undefined : String(header), options);
    if (key === null) {
      next();
      return;
    }
    if (typeof key !== 'string') {
      send(response, key);
      return;
    }
    let held: Held | undefined;
    answerOnce(
      once,
      { request, key, method, path, contentType: headers['content-type'], body: () => bodyOf(request) },
      options,
      () =>
        new Promise((resolve) => {
          held = hold(response, resolve);
          next();
        }),
    ).then((other) => {
      if (other === undefined) held?.release();
      else send(response, other);
    }, next);
  };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.statusCode = status;
  // What middleware in front has set would be there twice.
  for (const [name] of headers) response.removeHeader(name);
  for (const [name, value] of headers) response.appendHeader(name, value);
  response.end(body);
}

/** Whether a request over HTTP/2 has a body, which no header has to announce. */
const goesOn = (request: IncomingMessage | Http2ServerRequest): boolean =>
  'stream' in request && !request.stream.endAfterHeaders;

/** Async, so that an error it throws rejects the request's promise. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const { body, rawBody } = request as Parsed;
  if (rawBody instanceof Uint8Array) return rawBody;
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  const hasBody = encoding !== undefined || (length === undefined ? goesOn(request) : Number(length) > 0);
  // Older parsers leave an empty object where they did not read the body. Where there is none, nobody knows what was read.
  const isUnread =
    body === undefined ||
    (typeof body === 'object' && body !== null && Object.keys(body).length === 0 && !request.readableEnded);
  if (hasBody && isUnread)
    throw invalid(
      'body',
      'has not been read yet: put `express.json()`, `express.raw()` or another parser of this content type in front, or give `fingerprint`.',
    );
  return Promise.resolve(body);
}
