import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { isEventStream, MOST_BYTES, type Answer } from './answer.ts';

/** A response that is buffered. */
export interface Held {
  /** Sends what the handler wrote. */
  release(): void;
}

const HELD = ['write', 'end', 'writeHead', 'flushHeaders', 'destroy'] as const;

type Headers = OutgoingHttpHeaders | readonly OutgoingHttpHeaders[string][];

/**
 * Buffers what a handler writes, and calls `onEnd` when the response has ended. A response that is too large, or is a stream of
 * events, is sent directly from then on, and passed to `onEnd` without its body.
 */
export function hold(response: ServerResponse, onEnd: (answer: Answer) => void): Held {
  const before = new Set(listOf(response.getHeaders()).map(String));
  const own = Object.fromEntries(HELD.map((name) => [name, Reflect.get(response, name) as unknown]));
  const chunks: Buffer[] = [];
  let length = 0;
  let ended:
    { readonly body: Buffer; readonly headers: OutgoingHttpHeaders; readonly status: number } | undefined;

  const restore = (): unknown => Object.assign(response, own);
  const isEndless = (): boolean => isEventStream(response.getHeader('content-type'));

  /** Sends what was buffered, and stops buffering. */
  function stream(): void {
    restore();
    onEnd({ status: response.statusCode, headers: [], body: null });
    for (const each of chunks) response.write(each);
  }

  /** Gives up an answer that nobody can read, and that will not end. */
  function abandon(status = response.statusCode): void {
    if (ended !== undefined) return;
    restore();
    onEnd({ status, headers: [], body: null });
  }

  // Once the caller is gone, Node cuts off what is piped into the response, and nothing ends it.
  let isGone = response.destroyed;
  let isPiped = false;
  response.once('close', () => {
    isGone = true;
    if (isPiped) abandon();
  });
  response.on('pipe', (source) => {
    isPiped = true;
    // `sendFile` closes its file without a word if the caller was gone before.
    source.once('close', () => {
      if (isGone) abandon();
    });
  });

  function add(chunk: unknown, encoding: unknown): void {
    if (chunk === null || chunk === undefined || typeof chunk === 'function') return;
    const bytes =
      typeof chunk === 'string'
        ? Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
        : Buffer.from(chunk as Uint8Array);
    chunks.push(bytes);
    length += bytes.length;
  }

  Object.assign(response, {
    write(chunk: unknown, ...more: readonly unknown[]): boolean {
      if (ended === undefined) {
        add(chunk, more[0]);
        if (length > MOST_BYTES || isEndless()) stream();
      }
      callBack(more);
      return true;
    },
    writeHead(status: number, ...more: readonly unknown[]): ServerResponse {
      response.statusCode = status;
      if (typeof more[0] === 'string') response.statusMessage = more[0];
      setAll(response, more.at(-1));
      if (isEndless()) stream();
      return response;
    },
    flushHeaders(): void {
      if (!isEndless()) return;
      stream();
      response.flushHeaders();
    },
    /** Called by the handler, or by a `pipeline` of it; never by Node when the caller leaves. */
    destroy(error?: Error): ServerResponse {
      // With an error, the handler has failed. That is not so where it only found that the caller is gone.
      abandon(error === undefined || isGone ? undefined : 500);
      return response.destroy(error);
    },
    end(...given: readonly unknown[]): ServerResponse {
      // An error handler may still write after the end; that is ignored.
      if (ended !== undefined) return response;
      add(given[0], given[1]);
      if (length > MOST_BYTES) {
        stream();
        // Passed to `end`, it would reach middleware in front, and compression takes no callback there.
        response.once('finish', () => {
          callBack(given);
        });
        return response.end();
      }
      const body = wholeOf(chunks, response.getHeader('content-length'));
      ended = { body, headers: { ...response.getHeaders() }, status: response.statusCode };
      if (given.some((each) => typeof each === 'function'))
        response.once('finish', () => {
          callBack(given);
        });
      // What middleware in front has set, it sets for each request.
      const headers = listOf(ended.headers).filter((each) => !before.has(String(each)));
      onEnd({ status: ended.status, headers, body });
      return response;
    },
  });

  return {
    release() {
      if (ended === undefined) return;
      restore();
      for (const name of response.getHeaderNames()) response.removeHeader(name);
      setAll(response, ended.headers);
      response.statusCode = ended.status;
      response.end(ended.body);
    },
  };
}

/** Calls the callback among the arguments of `write` or `end`, as Node does. */
function callBack(given: readonly unknown[]): void {
  const done = given.find((each) => typeof each === 'function');
  if (done !== undefined) queueMicrotask(done as () => void);
}

/** An error handler may replace a response that was begun, and sets its own Content-Length. What was written before is dropped then. */
function wholeOf(chunks: readonly Buffer[], contentLength: unknown): Buffer {
  const whole = Buffer.concat(chunks);
  const length = contentLength === undefined ? whole.length : Number(contentLength);
  return whole.length > length ? whole.subarray(whole.length - length) : whole;
}

/** Sets headers that are given as an object, or as a flat list of names and values. */
function setAll(response: ServerResponse, headers: unknown): void {
  if (typeof headers !== 'object' || headers === null) return;
  const given = headers as Headers;
  const pairs: readonly (readonly [unknown, unknown])[] = Array.isArray(given)
    ? given.flatMap((name, at) =>
        at % 2 === 0 ? [[name, (given as readonly unknown[])[at + 1]] as const] : [],
      )
    : Object.entries(given);
  for (const [name, value] of pairs)
    if (value !== undefined) response.setHeader(String(name), value as string | number | readonly string[]);
}

const listOf = (headers: OutgoingHttpHeaders): Answer['headers'] =>
  Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): readonly [string, string] => [name, String(each)]),
  );
