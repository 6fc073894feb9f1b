import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { createApiKey, type Role } from '../src/api-keys.ts';
import type { Store } from '../src/store/store.ts';
import { createApp, type AppOptions } from '../src/http/app.ts';
import { openStore } from '../src/store/open.ts';
import { asHosted, type HostedOnly } from '../../test/hosted-api.ts';

/** A step in the middle of a day and a month, so that no test depends on their ends. */
export const START = Date.parse('2026-11-15T10:00:00.000Z');

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed JSON. */
  readonly body: Answer;
}

/** What tests read of answers; which members there are depends on the call. */
export interface Answer {
  readonly status: string;
  readonly key: string;
  readonly lease_id: string;
  readonly idempotency_key: string;
  readonly first_seen_at: string;
  readonly expires_at: string;
  readonly done_at: string;
  readonly version: number;
  readonly fence: number;
  readonly attempt: number;
  readonly reentrant: boolean;
  readonly count: number;
  readonly result: unknown;
  readonly busy_key?: string;
  readonly reasoning_tokens: number | null;
  readonly cursor: string | null;
  readonly items: readonly Answer[];
  /** Of an item of a batch. */
  readonly error?: { readonly status: number; readonly detail: Detail };
  readonly detail: Detail;
}

interface Fault {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly input: unknown;
}

/** A list, or an object with `error`: tests know which. */
export type Detail = readonly Fault[] & { readonly error: string; readonly message: string };

interface Send {
  /** An object is sent as JSON, text as it is. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Null sends none; the server's first key if not said. */
  readonly apiKey?: string | null;
  readonly signal?: AbortSignal;
}

export interface TestServer {
  readonly url: string;
  readonly store: Store;
  readonly apiKey: string;
  /** Every log line so far. */
  readonly logs: readonly string[];
  now(): number;
  advance(seconds: number): void;
  newKey(of?: { tenant?: string; role?: Role }): Promise<string>;
  get(path: string, send?: Send): Promise<Reply>;
  post(path: string, body: unknown, send?: Send): Promise<Reply>;
  delete(path: string, send?: Send): Promise<Reply>;
  close(): Promise<void>;
}

const open = new Set<() => Promise<void>>();

afterEach(async () => {
  for (const close of open) await close();
  open.clear();
});

export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'onceonly-'));
  open.add(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A real server on a free port and a store of its own, with a clock to step; closed after the test. */
export async function serve({
  hostedOnly,
  ...options
}: Partial<AppOptions> & { logLevel?: string; hostedOnly?: HostedOnly } = {}): Promise<TestServer> {
  const logs: string[] = [];
  let at = START;
  const clock = (): number => at;
  const store =
    options.store ?? (await openStore(`sqlite:${await temporaryDirectory()}/claims.db`, { clock }));
  const logger = pino({ level: options.logLevel ?? 'trace' }, { write: (line) => void logs.push(line) });
  const app = await createApp({
    config: { rateLimitPerMinute: 0, hookPrivateAddresses: false },
    clock,
    logger,
    pollEveryMs: 10,
    ...(hostedOnly && { extend: asHosted(hostedOnly) }),
    ...options,
    store,
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${String((app.server.address() as AddressInfo).port)}`;
  const { secret: apiKey } = await createApiKey(store.apiKeys, { tenant: 'acme', role: 'automation' });

  async function send(
    method: string,
    path: string,
    { body, headers, apiKey: by = apiKey, signal }: Send,
  ): Promise<Reply> {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(by === null ? {} : { authorization: `Bearer ${by}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parse(text) as Answer };
  }

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= app.close().then(() => store.close()));
  open.add(close);
  return {
    url,
    store,
    apiKey,
    logs,
    now: clock,
    advance: (seconds) => void (at += seconds * 1_000),
    newKey: async ({ tenant = 'acme', role = 'automation' } = {}) =>
      (await createApiKey(store.apiKeys, { tenant, role })).secret,
    get: (path, options = {}) => send('GET', path, options),
    post: (path, body, options = {}) => send('POST', path, { body, ...options }),
    delete: (path, options = {}) => send('DELETE', path, options),
    close,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Claims a key that must be free; answers its lease. */
export async function acquire(server: TestServer, key: string, more: object = {}): Promise<string> {
  const { body } = await server.post('/v1/ai/lease', { key, ...more });
  if (body.status !== 'acquired') throw new Error(`${key} is ${body.status}`);
  return body.lease_id;
}

/** What a request is told that must be refused for its fields. */
export async function refusalOf(server: TestServer, path: string, body: unknown): Promise<Detail> {
  const reply = await server.post(path, body);
  expect(reply.status).toBe(422);
  expect(Object.keys(reply.body)).toEqual(['detail']);
  return reply.body.detail;
}
