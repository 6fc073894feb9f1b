import { lookup } from 'node:dns';
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { isPublic, AddressRefused, checkedLookup, type Resolve, hostOf } from './addresses.ts';

export interface Message {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The status of the answer, or a sentence that says why there is none. */
export type Posted = { readonly statusCode: number } | { readonly error: string };

/** Sends one message. Never rejects, and resolves in time whatever the receiver does, or early when `signal` is aborted. */
export type Post = (message: Message, signal?: AbortSignal) => Promise<Posted>;

export interface PostOptions {
  /** Whether messages may be sent to this machine and to private networks. */
  readonly privateAddresses: boolean;
  /** Default: the resolver of this machine. */
  readonly resolve?: Resolve;
  /** How long everything may take, until the end of the answer. Default: 15 seconds. */
  readonly timeoutMs?: number;
}

/** Only the status of an answer matters. This much of its body is read, so that the receiver can finish without an error. */
const READ_BYTES = 16_384;

/**
 * Posts exactly to the URLs that users gave: addresses are checked when the socket connects, redirects are not followed, proxies
 * from the environment are not used, and connections are not kept.
 */
export function createPost({ privateAddresses, resolve = lookup, timeoutMs = 15_000 }: PostOptions): Post {
  const agents = { 'http:': new http.Agent(), 'https:': new https.Agent() } as const;
  const connecting: RequestOptions = privateAddresses ? {} : { lookup: checkedLookup(resolve) };

  function open({ url: text, headers, body }: Message, signal: AbortSignal): ClientRequest {
    const url = new URL(text);
    // A socket looks up only names, so addresses are checked here.
    if (!privateAddresses && isPublic(hostOf(url)) === false) throw new AddressRefused();
    const length = { 'content-length': String(Buffer.byteLength(body)) };
    const options = { ...connecting, method: 'POST', headers: { ...headers, ...length }, signal };
    return url.protocol === 'https:'
      ? https.request(url, { ...options, agent: agents['https:'] })
      : http.request(url, { ...options, agent: agents['http:'] });
  }

  return (message, stop) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = stop === undefined ? timeout : AbortSignal.any([timeout, stop]);
    const failed = (error: unknown): Posted => ({
      error: signal.aborted
        ? timeout.aborted
          ? `There was no answer within ${String(timeoutMs / 1_000)} seconds.`
          : 'The server was stopped before there was an answer.'
        : reasonOf(error),
    });
    return new Promise((settle) => {
      let answered: Posted | undefined;
      const ended = (error?: unknown): void => {
        settle(answered ?? failed(error));
      };
      // The request alone would not end in time, because a DNS look-up cannot be aborted.
      signal.addEventListener('abort', ended, { once: true });
      try {
        const request = open(message, signal);
        request.on('error', ended);
        request.on('close', ended);
        request.on('response', (response) => {
          answered = { statusCode: response.statusCode ?? 0 };
          readALittle(response, () => {
            request.destroy();
            ended();
          });
        });
        // No upgrade was requested, so this counts as a normal answer.
        request.on('upgrade', ({ statusCode = 0 }, socket) => {
          answered = { statusCode };
          socket.destroy();
          ended();
        });
        request.end(message.body);
      } catch (error) {
        ended(error);
      }
    });
  };
}

function readALittle(response: IncomingMessage, done: () => void): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > READ_BYTES) done();
  });
  response.on('error', done);
  response.on('close', done);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'The host of the URL is not known.',
  EAI_AGAIN: 'The host of the URL could not be looked up.',
  ECONNREFUSED: 'Nothing listens at the URL.',
  ECONNRESET: 'The connection was closed before there was an answer.',
};

function reasonOf(error: unknown): string {
  if (error instanceof AddressRefused) {
    return 'The host of the URL is this machine or in a private network; the server does not send there.';
  }
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'ECONNRESET';
  return REASONS[code] ?? `The connection failed (${code}).`;
}
