import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../server/test/services/postgres.ts';
import { startRedis } from '../../server/test/services/redis.ts';
import { makeApiKey, startServerProcess } from '../faults/servers.ts';
import type { Connection } from '../platforms/platform.ts';

/** Our server on each store. */
export const OURS = ['SQLite', 'Redis', 'Postgres'] as const;
/** What else is measured in the same harness; each is served by `peers.ts`. */
export const PEERS = [
  'floor',
  'powertools',
  'node-idempotency',
  'express-idempotency',
  'a statement a request',
] as const;

export type Name = (typeof OURS)[number] | (typeof PEERS)[number];

/** Where it listens, and the process that serves. */
export type Contender = Connection & { readonly pid: number };

export interface Contenders {
  readonly at: Readonly<Record<Name, Contender>>;
  close(): Promise<void>;
}

/** Starts them all, each a process, on stores that sync to the disk before they answer. */
export async function startContenders(): Promise<Contenders> {
  // Not in memory: durability is part of what is measured.
  const folder = await mkdtemp(join(tmpdir(), 'onceonly-bench-'));
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  const plain = await postgres.createDatabase();
  const stores = {
    SQLite: `sqlite:${join(folder, 'claims.db')}`,
    Redis: redis.url,
    Postgres: await postgres.createDatabase(),
  };
  const closing: (() => Promise<unknown>)[] = [];

  async function ours(store: string): Promise<Contender> {
    const apiKey = await makeApiKey(store);
    const server = await startServerProcess(store);
    closing.push(() => server.kill('SIGTERM'));
    return { baseUrl: server.baseUrl, apiKey, pid: server.pid };
  }

  async function peer(name: string): Promise<Contender> {
    const child = fork(new URL('./peers.ts', import.meta.url), [name, redis.url, plain]);
    closing.push(async () => {
      child.disconnect();
      await once(child, 'exit');
    });
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`${name} ended with ${String(code)}.`);
    });
    ended.catch(() => undefined);
    const [connection] = (await Promise.race([once(child, 'message'), ended])) as [Connection];
    return { ...connection, pid: child.pid ?? 0 };
  }

  const started = [
    ...OURS.map(async (name) => [name, await ours(stores[name])] as const),
    ...PEERS.map(async (name) => [name, await peer(name)] as const),
  ];
  return {
    at: Object.fromEntries(await Promise.all(started)) as Record<Name, Contender>,
    close: async () => {
      await Promise.all(closing.map((close) => close()));
      await Promise.all([redis.close(), postgres.close()]);
      await rm(folder, { recursive: true });
    },
  };
}
