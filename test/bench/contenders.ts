import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../server/test/services/postgres.ts';
import { startRedis } from '../../server/test/services/redis.ts';
import type { Connection } from '../platforms/platform.ts';
import { startGenerator, type Generator, type Load } from './generator.ts';

/** A server under a load, at rest until it is its turn. */
export interface Contender {
  readonly name: string;
  readonly pid: number;
  /** Of its store, where that is a process of its own. */
  readonly storePid: number | undefined;
  readonly generator: Generator;
  readonly load: Load;
  /** How many keys a request claims; half a one of a cycle's two. */
  readonly claims: number;
}

export const STORES = ['SQLite', 'Redis', 'Postgres'] as const;
type StoreName = (typeof STORES)[number];

export interface Process extends Connection {
  readonly pid: number;
}

/** A child that sends where it listens, and ends when it is left. */
interface Served extends Process {
  /** The next thing that it says. */
  ask(): Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** @param flags of Node. */
export async function serve(
  script: string,
  args: readonly string[],
  flags: readonly string[] = [],
): Promise<Served> {
  const child = fork(new URL(script, import.meta.url), args, { execArgv: [...process.execArgv, ...flags] });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${script} ${args.join(' ')} ended with ${String(code)}.`);
  });
  ended.catch(() => undefined);
  const [connection] = (await Promise.race([once(child, 'message'), ended])) as [Connection];
  return {
    ...connection,
    pid: child.pid ?? 0,
    ask: async () => {
      child.send('?');
      return ((await Promise.race([once(child, 'message'), ended])) as unknown[])[0];
    },
    close: async () => {
      child.disconnect();
      await ended.catch(() => undefined);
    },
  };
}

/** This project's root. */
export const TREE = join(import.meta.dirname, '../..');

const CLAIM: Load = { mode: 'claim', connections: 64 };
const CYCLE: Load = { mode: 'cycle', connections: 64 };
const BATCH: Load = { mode: 'batch', connections: 8 };
const ALONE: Load = { mode: 'claim', connections: 1 };
export const KEYS_OF_BATCH = 100;

export interface Contenders {
  readonly all: readonly Contender[];
  readonly close: () => Promise<void>;
}

/**
 * Starts them all, each a process, on stores that sync to the disk before they answer.
 * @param others other trees of this project, by a word for each: their servers' claims are beside this one's, and nothing else is.
 */
export async function startContenders(others?: Readonly<Record<string, string>>): Promise<Contenders> {
  const folder = await mkdtemp(join(tmpdir(), 'onceonly-bench-'));
  const [redis, postgres, receiver] = await Promise.all([startRedis(), startPostgres(), startReceiver()]);
  const closing: (() => Promise<unknown>)[] = [];
  let files = 0;

  async function started(script: string, args: readonly string[]): Promise<Process> {
    const served = await serve(script, args);
    closing.push(served.close);
    return served;
  }
  async function ours(store: StoreName, { on = true, tree = TREE } = {}): Promise<Process> {
    files += 1;
    const urls = {
      SQLite: () => Promise.resolve(`sqlite:${join(folder, `claims-${String(files)}.db`)}`),
      // One Redis: the prefix of its keys tells two servers apart.
      Redis: () => Promise.resolve(`${redis.url}?prefix=${String(files)}`),
      Postgres: () => postgres.createDatabase(),
    };
    const hooks = on ? [receiver.url] : [];
    return started('./serve.ts', [tree, await urls[store](), on ? 'on' : 'off', ...hooks]);
  }
  const storePids = { SQLite: undefined, Redis: redis.pid, Postgres: postgres.pid };
  const under = async (
    name: string,
    {
      server,
      load = CLAIM,
      storePid,
      claims = 1,
    }: {
      server: Process;
      load?: Load;
      storePid?: number | undefined;
      claims?: number;
    },
  ): Promise<Contender> => ({
    ...{ name, storePid, load, claims, pid: server.pid },
    generator: await startGenerator(server, load, folder),
  });

  const all: Contender[] = [];
  const floor = await started('./peers.ts', ['floor']);
  all.push(await under('floor', { server: floor }));
  all.push(await under('floor, alone', { server: floor, load: ALONE }));
  for (const store of STORES) {
    const storePid = storePids[store];
    const server = await ours(store);
    all.push(await under(store, { server, storePid }));
    for (const [word, tree] of Object.entries(others ?? {}))
      all.push(await under(`${store}, ${word}`, { server: await ours(store, { tree }), storePid }));
    if (others !== undefined) continue;
    all.push(
      await under(`${store}, cycle`, { server, storePid, load: CYCLE, claims: 0.5 }),
      await under(`${store}, batch`, { server, storePid, load: BATCH, claims: KEYS_OF_BATCH }),
      await under(`${store}, alone`, { server, storePid, load: ALONE }),
    );
  }
  if (others === undefined) {
    const plain = await postgres.createDatabase();
    all.push(
      await under('SQLite, watching off', { server: await ours('SQLite', { on: false }) }),
      await under('Powertools', {
        server: await started('./peers.ts', ['powertools', redis.url]),
        storePid: redis.pid,
      }),
      await under('a statement a request', {
        server: await started('./peers.ts', ['a statement a request', plain]),
        storePid: postgres.pid,
      }),
    );
  }
  return {
    all,
    close: async () => {
      await Promise.all(all.map(({ generator }) => generator.close()));
      await Promise.all(closing.map((close) => close()));
      await Promise.all([redis.close(), postgres.close(), receiver.close()]);
      await rm(folder, { recursive: true });
    },
  };
}

async function startReceiver(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(204).end());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
