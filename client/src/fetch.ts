import { fitKey } from '@onceonly/shared/sources/key.ts';
import { decoded, encoded, type KeptBody } from './answer.ts';
import { noEffect } from './marks.ts';
import { ALWAYS, checkNames, checkShared, invalid, readName } from './options.ts';
import type { Once, OnceCall } from './types.ts';

/** The part of a response that is kept, in JSON. */
interface Kept extends KeptBody {
  readonly status: number;
  readonly statusText: string;
  readonly headers: [string, string][];
}

/** Carries an unsuccessful response out of the work: it is returned to the caller, and not kept. */
class NotKept extends Error {
  readonly response: Response;

  constructor(response: Response) {
    super(`HTTP ${String(response.status)}`);
    this.response = response;
  }
}

/** Headers that do not fit a repeated response: its body is already decoded, so encoding and length differ. Cookies are not shared. */
const NOT_REPEATED = ['content-encoding', 'content-length', 'set-cookie', 'transfer-encoding'];
/** Client errors after which the provider may still have done something, or may still be doing it. */
const UNCLEAR = [408, 409, 425, 429];

export const fetchWith =
  (once: OnceCall): Once['fetch'] =>
  (fetch, options) => {
    checkNames(options, ['key', 'job', 'fingerprint', ...ALWAYS]);
    const { key, job = 'fetch', ...ofOnce } = options;
    checkShared(job, ofOnce);
    if (typeof fetch !== 'function') throw invalid('fetch', 'has to be a function.');
    if (typeof key !== 'function') readName('key', key);

    return async (input, init) => {
      const request = new Request(input, init);
      request.signal.throwIfAborted();
      let isSent = false;
      let answer: Response | undefined;
      const { host, pathname, search } = new URL(request.url);
      const event = readName('key', typeof key === 'function' ? await key(request.clone()) : key);
      // The address is part of the key: charging an order and refunding it are two different things.
      const where = `${request.method} ${host}${pathname}${search} ${event}`;
      const whole = fitKey(job, where).slice(job.length + 1);
      try {
        const run = once<Kept>(
          job,
          whole,
          async ({ idempotencyKey, signal }) => {
            isSent = true;
            const headers = new Headers(request.headers);
            headers.set('idempotency-key', idempotencyKey);
            const signals = AbortSignal.any([signal, request.signal]);
            answer = await fetch(new Request(request, { headers, signal: signals }));
            return keep(answer);
          },
          ofOnce,
        );
        const { value } = await unlessAborted(request.signal, run, () => !isSent);
        return answer ?? new Response(decoded(value), value);
      } catch (error) {
        if (error instanceof NotKept) return error.response;
        throw error;
      }
    };
  };

/**
 * Rejects when the caller aborts, as `fetch` does, also while the call waits for another attempt. Once the request was sent, `fetch`
 * itself rejects, and the key is free again when the caller hears of it.
 */
function unlessAborted<T>(signal: AbortSignal, run: Promise<T>, isWaiting: () => boolean): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      if (isWaiting()) reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort);
    run.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}

async function keep(response: Response): Promise<Kept> {
  const { status, statusText, ok } = response;
  if (!ok) {
    const refused = new NotKept(response);
    const isCertain = status >= 400 && status < 500 && !UNCLEAR.includes(status);
    throw isCertain ? noEffect(refused) : refused;
  }
  const kept = encoded(new Uint8Array(await response.clone().arrayBuffer()));
  return {
    status,
    statusText,
    headers: [...response.headers].filter(([name]) => !NOT_REPEATED.includes(name)),
    ...kept,
    body: [204, 205].includes(status) ? null : kept.body,
  };
}
