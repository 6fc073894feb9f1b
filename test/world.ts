import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApiKey, type ApiKeyStore } from '../server/src/api-keys.ts';
import type { Store } from '../server/src/store/store.ts';
import type { Clock } from '../server/src/clock.ts';
import { readConfig } from '../server/src/config.ts';
import { startServer, type ServerOptions } from '../server/src/server.ts';
import { openStore } from '../server/src/store/open.ts';
import { asHosted, type HostedOnly } from './hosted-api.ts';
import type { Connection } from './platforms/platform.ts';

/** A server of its own, on a store of its own, with a clock that a test steps. */
export interface World extends Connection {
  readonly operatorKey: string;
  /** Of the server's store: the end that an operator's command line has. */
  readonly apiKeys: ApiKeyStore;
  /** The server's clock. */
  now(): number;
  /** Moves it. */
  advance(ms: number): void;
  close(): Promise<void>;
}

/** How a store is had for a test: its URL, and what makes it go away. */
export interface StoreUnderTest {
  readonly url: string;
  /** Opens it on a clock that a test steps, where the URL alone would leave it on a clock of its own. */
  open?(clock: Clock): Promise<Store>;
  close(): Promise<void>;
}

export type OpenStoreUnderTest = () => Promise<StoreUnderTest>;

/** In memory where the machine has such a folder: durability has tests of its own, and syncing is slow. */
const SHARED_MEMORY = '/dev/shm';

export const sqlite: OpenStoreUnderTest = async () => {
  const folder = await mkdtemp(join(existsSync(SHARED_MEMORY) ? SHARED_MEMORY : tmpdir(), 'onceonly-'));
  return {
    url: `sqlite:${join(folder, 'claims.db')}`,
    close: () => rm(folder, { recursive: true, force: true }),
  };
};

/** A November morning. */
const START = Date.parse('2026-11-25T09:00:00Z');

export interface WorldOptions extends Pick<ServerOptions, 'makeDeadlineMs'> {
  readonly hostedOnly?: HostedOnly;
  readonly startAt?: number;
}

export async function openWorld(
  open: OpenStoreUnderTest = sqlite,
  { startAt = START, hostedOnly, ...options }: WorldOptions = {},
): Promise<World> {
  let now = startAt;
  const clock = (): number => now;
  const store = await open();
  const openIt = (): Promise<Store> => store.open?.(clock) ?? openStore(store.url, { clock });
  const server = await startServer({
    ...options,
    ...(hostedOnly && { extend: asHosted(hostedOnly) }),
    clock,
    open: openIt,
    // Waiting claims look at the stepped clock often.
    pollEveryMs: 20,
    config: readConfig({
      ONCEONLY_PORT: '0',
      ONCEONLY_STORE: store.url,
      ONCEONLY_LOG_LEVEL: 'silent',
      ONCEONLY_RATE_LIMIT: '0',
      ONCEONLY_HOOK_PRIVATE_ADDRESSES: 'allow',
    }),
  });
  const opened = await openIt();
  const apiKey = await createApiKey(opened.apiKeys, { tenant: 'acme', role: 'automation' });
  const operatorKey = await createApiKey(opened.apiKeys, { tenant: 'acme', role: 'operator' });
  return {
    baseUrl: server.url,
    apiKey: apiKey.secret,
    operatorKey: operatorKey.secret,
    apiKeys: opened.apiKeys,
    now: clock,
    advance: (ms) => {
      now += ms;
    },
    close: async () => {
      await server.close();
      await opened.close();
      await store.close();
    },
  };
}
