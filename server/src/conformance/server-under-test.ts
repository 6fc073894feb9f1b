import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

/** The parts of an answer that promises are about. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON object or list; null if there is none. */
  readonly body: Readonly<Record<string, unknown>> | null;
}

/** The server under test, as promises call it. */
export interface ServerUnderTest {
  get(path: string, query?: Readonly<Record<string, string>>): Promise<Reply>;
  post(path: string, body: object, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  /** The same server with another API key, or with none. */
  as(apiKey: string | null): ServerUnderTest;
  /** A key that nobody else uses, in the job of this run. */
  newKey(): string;
  /** Claims a key that must be free. If it is still claimed at the end of the run, it is given up. */
  acquire(key: string, more?: object): Promise<Lease>;
  /** Waits for this time and a little longer. */
  pass(seconds: number): Promise<void>;
}

export interface Lease {
  readonly key: string;
  readonly lease_id: string;
  /** The whole answer. */
  readonly answer: Readonly<Record<string, unknown>>;
}

/** The server did not answer in time, or asked to try later. So it is not known whether the promise is kept. */
export class NotAnswered extends Error {
  override readonly name = 'NotAnswered';
}

/** An answer breaks a promise. The message says what was expected and what was answered. */
export class Deviation extends Error {
  override readonly name = 'Deviation';
}

const TIMEOUT_MS = 15_000;
/** If the server asks for a longer pause than this, the call is given up. */
const LONGEST_PAUSE_SECONDS = 10;
const A_LITTLE_MS = 300;

export function openServer(url: string, apiKey: string): ServerUnderTest & { giveUpAll(): Promise<void> } {
  const job = `conformance-${randomBytes(6).toString('hex')}`;
  const open: Lease[] = [];
  let keys = 0;

  function withKey(by: string | null): ServerUnderTest {
    const authorization: Record<string, string> = by === null ? {} : { authorization: `Bearer ${by}` };
    const self: ServerUnderTest = {
      get: (path, query = {}) =>
        ask(`${url}${path}?${new URLSearchParams(query).toString()}`, { headers: authorization }),
      post: (path, body, headers = {}) =>
        ask(url + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...authorization, ...headers },
          body: JSON.stringify(body),
        }),
      as: withKey,
      newKey: () => `${job}:${String((keys += 1))}`,
      async acquire(key, more = {}) {
        const { status, body } = await self.post('/v1/ai/lease', { key, ttl: 60, ...more });
        const id = body?.['lease_id'];
        if (body?.['status'] !== 'acquired' || typeof id !== 'string') {
          throw new Deviation(
            `A free key was not acquired, but answered HTTP ${String(status)} ${asJson(body)}.`,
          );
        }
        const lease = { key, lease_id: id, answer: body };
        open.push(lease);
        return lease;
      },
      pass: async (seconds) => {
        await pause(seconds * 1_000 + A_LITTLE_MS);
      },
    };
    return self;
  }

  return {
    ...withKey(apiKey),
    async giveUpAll() {
      const own = withKey(apiKey);
      const ends = open.map(({ key, lease_id }) => own.post('/v1/ai/cancel', { key, lease_id }));
      await Promise.allSettled(ends);
    },
  };
}

async function ask(url: string, init: RequestInit, again = true): Promise<Reply> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
    text = await response.text();
  } catch {
    throw new NotAnswered('There was no answer.');
  }
  const seconds = Number(response.headers.get('retry-after') ?? '1');
  if (response.status === 429 && again && seconds <= LONGEST_PAUSE_SECONDS) {
    await pause(seconds * 1_000);
    return ask(url, init, false);
  }
  if (response.status === 429 || response.status === 402 || response.status >= 500) {
    throw new NotAnswered(`The server answered HTTP ${String(response.status)}.`);
  }
  return { status: response.status, headers: response.headers, body: parsed(text) };
}

function parsed(text: string): Reply['body'] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Reply['body']) : null;
  } catch {
    return null;
  }
}

const MOST_SAID = 300;

/** Writes a value for a sentence. */
export const asJson = (value: unknown): string =>
  value === undefined ? 'missing' : JSON.stringify(value).slice(0, MOST_SAID);

/** One sentence of the contract, and the check whether a server keeps it. */
export interface Promised {
  readonly call: string;
  readonly says: string;
  /** For additions: the name among the capabilities in `GET /v1/me`. */
  readonly capability?: string;
  /** The check needs an operator key. */
  readonly operator?: boolean;
  /** Throws a `Deviation` if the promise is not kept. */
  check(server: ServerUnderTest): Promise<void>;
}

/** Claims a key, and accepts any answer. */
export const claim = (server: ServerUnderTest, key: string, more: object = {}) =>
  server.post('/v1/ai/lease', { key, ttl: 60, ...more });
