import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startPostgres } from '../../server/test/services/postgres.ts';
import { serve, TREE, type Contender } from './contenders.ts';
import { addDeadHooks, makeTenants, startWaiting } from './crowd.ts';
import { filledDatabase, filledFile, PATTERN, type FilledStore } from './filled-stores.ts';
import { startGenerator, type Load } from './generator.ts';
import { answered, number, ratio, type Answer, type Part } from './part.ts';
import { measureRound, type Round } from './slices.ts';
import { answer, verdictOn } from './questions.ts';
import { intervalOf, quantileOf, verdictOf } from './statistics.ts';
import { randomOf } from '../../server/test/hostile.ts';

const KEYS = Number(process.env['BENCH_KEYS'] ?? 10_000_000);
const STORES = (process.env['BENCH_STORES'] ?? 'SQLite,Postgres').split(',');
const SMALL = 10_000;
const [TENANTS, JOBS, WAITING] = [1_000, 10_000, 1_000];
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 60);
const WARM_UP_MS = 5_000;
const SPREAD: Load = { mode: 'spread', connections: 64 };

const CLAIMS = { atLeast: 0.8 };
const MEMORY = { atMost: 1.3 };

interface Grown {
  readonly rows: readonly (readonly string[])[];
  readonly answers: readonly Answer[];
}

/** `npm run bench -- growth`: a large store beside a small one. Takes some minutes a store, and 6 GB of disk. */
export async function growth(): Promise<Part> {
  const folder = await mkdtemp(join(tmpdir(), 'onceonly-bench-'));
  const postgres = await startPostgres();
  const compared: Readonly<Record<string, () => Promise<Grown>>> = {
    SQLite: () =>
      compare(
        ['small', 'large'].map((name) => filledFile(join(folder, `${name}.db`))),
        folder,
      ),
    Postgres: async () => {
      const urls = [await postgres.createDatabase(), await postgres.createDatabase()];
      return compare(urls.map(filledDatabase), folder, postgres.pid);
    },
  };
  try {
    const grown: Grown[] = [];
    for (const store of STORES) {
      const growing = compared[store];
      if (growing === undefined)
        throw new Error(`Growth is measured on ${Object.keys(compared).join(' and ')}.`);
      grown.push(await growing());
    }
    return {
      title: 'Growth',
      how: [
        `Claims at 64 connections on a store of ${KEYS.toLocaleString('en-US')} keys, of ${TENANTS.toLocaleString('en-US')} tenants and ${JOBS.toLocaleString('en-US')} jobs, with ${WAITING.toLocaleString('en-US')} claims that wait for a key in flight, and ${TENANTS.toLocaleString('en-US')} hooks whose receiver is dead, each with a delivery; beside a store of ${SMALL.toLocaleString('en-US')} keys of one tenant, with neither. In slices, as above. Memory is what the server’s process has, without the store’s; its processor time includes what those who wait cost.`,
      ],
      tables: [
        {
          head: [
            'store',
            'claims/s',
            'claims/s ÷ small',
            'memory, MB',
            'memory ÷ small',
            'processor time ÷ small',
          ],
          rows: grown.flatMap(({ rows }) => rows),
        },
      ],
      answers: grown.flatMap(({ answers }) => answers),
    };
  } finally {
    await postgres.close();
    await rm(folder, { recursive: true });
  }
}

async function compare(stores: readonly FilledStore[], folder: string, storePid?: number): Promise<Grown> {
  const [small, large] = stores;
  if (small === undefined || large === undefined) throw new Error('Two are compared.');
  const name = large.name;
  const apiKeys = await filled(large, TENANTS, { keys: KEYS, jobs: JOBS });
  await filled(small, 1, { keys: SMALL, jobs: 10 });
  const servers = await Promise.all([small, large].map(({ url }) => serve('./serve.ts', [TREE, url, 'on'])));
  const [smallServer, largeServer] = servers;
  if (smallServer === undefined || largeServer === undefined) throw new Error('Two are compared.');
  await addDeadHooks(largeServer.baseUrl, apiKeys);
  const stopWaiting = await startWaiting(largeServer, WAITING);
  const [floor, contender] = await Promise.all(
    (
      [
        ['small', smallServer],
        ['large', largeServer],
      ] as const
    ).map(async ([size, server]): Promise<Contender> => ({
      ...{ name: size, pid: server.pid, storePid, load: SPREAD, claims: 1 },
      generator: await startGenerator(server, SPREAD, folder),
    })),
  );
  if (floor === undefined || contender === undefined) throw new Error('Two are compared.');
  const rounds: Round[] = [];
  const memory: { readonly small: number; readonly large: number }[] = [];
  const random = randomOf(1);
  try {
    for (const { generator } of [floor, contender]) {
      generator.go();
      await pause(WARM_UP_MS);
      generator.rest();
    }
    for (let n = 0; n < ROUNDS; n += 1) {
      rounds.push(await measureRound([contender], { floor, alone: floor }, random));
      memory.push({ small: await memoryOf(floor.pid), large: await memoryOf(contender.pid) });
    }
  } finally {
    await stopWaiting();
    for (const { generator } of [floor, contender]) await generator.close();
    for (const server of servers) await server.close();
  }
  const rate = answer({ of: ['large'], figure: 'perSecond' }, [rounds]);
  const processor = answer({ of: ['large'], figure: 'serverUs' }, [rounds]);
  const kept = intervalOf([memory.map((each) => each.large / each.small)]);
  const samples = rounds.flatMap((round) => round.get('large') ?? []);
  const median = (values: readonly number[]): string => number(quantileOf(values, 0.5));
  return {
    rows: [
      [
        `${name}, small`,
        median(samples.map((sample) => sample.floor.perSecond)),
        '',
        median(memory.map((each) => each.small)),
        '',
        '',
      ],
      [
        ...[`${name}, large`, median(samples.map(({ perSecond }) => perSecond)), answered(rate)],
        ...[median(memory.map((each) => each.large)), ratio(kept), answered(processor)],
      ],
    ],
    answers: [
      {
        what: `${name}, large store: claims a second ÷ small`,
        figure: answered(rate),
        target: CLAIMS,
        verdict: verdictOn(rate, CLAIMS),
      },
      {
        what: `${name}, large store: memory ÷ small`,
        figure: ratio(kept),
        target: MEMORY,
        verdict: verdictOf(kept, MEMORY),
      },
    ],
  };
}

/** Makes tenants and keys; a server has written the record that they are copied from. The tenants' API keys. */
async function filled(
  store: FilledStore,
  tenants: number,
  { keys, jobs }: { keys: number; jobs: number },
): Promise<readonly string[]> {
  const server = await serve('./serve.ts', [TREE, store.url, 'on']);
  const apiKeys = await makeTenants(store.url, tenants);
  const headers = { authorization: `Bearer ${server.apiKey}`, 'content-type': 'application/json' };
  const send = async (path: string, body: object): Promise<Response> => {
    const response = await fetch(server.baseUrl + path, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(await response.text());
    return response;
  };
  const { lease_id } = (await (await send('/v1/ai/lease', { key: PATTERN, ttl: 60 })).json()) as {
    lease_id: string;
  };
  await send('/v1/ai/complete', { key: PATTERN, lease_id });
  await server.close();
  await store.fill(keys, jobs);
  return apiKeys;
}

/** proc_pid_status(5), in MB. */
async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
