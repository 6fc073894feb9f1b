import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { CachePersistenceLayer } from '@aws-lambda-powertools/idempotency/cache';
import { createClient } from 'redis';
import { onceOnly } from '../../client/src/index.ts';
import { startRedis } from '../../server/test/services/redis.ts';
import { ratio, type Part } from './part.ts';
import { between, timesOf } from './processor.ts';
import { intervalOf, quantileOf, verdictOf } from './statistics.ts';

const ROUNDS = 24;
/** Not measured: V8 compiles meanwhile. */
const WARM_UP_ROUNDS = 6;
const CALLS = 2_000;
const AT_ONCE = 64;
const TARGET = { atLeast: 2.5 };

type Call = (key: string) => Promise<unknown>;

/** Microseconds of processor time that a call takes: of this process, its threads included, and of it and the store's. */
interface Taken {
  readonly ownUs: number;
  readonly sumUs: number;
}

/** `once()` of the package for programmers, its store embedded, beside Powertools on Redis: both in this process, both without work. */
export async function once(): Promise<Part> {
  const folder = await mkdtemp(join(tmpdir(), 'onceonly-bench-'));
  const redis = await startRedis();
  const client = await createClient({ url: redis.url }).connect();
  const embedded = onceOnly({ store: `sqlite:${join(folder, 'claims.db')}` });
  const config = new IdempotencyConfig({ expiresAfterSeconds: 600 });
  // Without a deadline it would let duplicates through.
  config.registerLambdaContext({ getRemainingTimeInMillis: () => 30_000 });
  const persistenceStore = new CachePersistenceLayer({ client: client as never });
  const powertools = makeIdempotent((key: string) => Promise.resolve({ ok: true, key }), {
    ...{ persistenceStore, config },
  });
  const contenders: Readonly<Record<string, Call>> = {
    'embedded `once()`': (key) => embedded('bench', key, () => ({ ok: true, key })),
    'Powertools, on Redis': (key) => powertools(key),
  };
  const taken = new Map<string, Taken[]>();
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    const order = Object.entries(contenders);
    if (round % 2 === 0) order.reverse();
    for (const [name, call] of order) {
      const one = await measure(redis.pid, (nth) => call(`${String(round)}-${String(nth)}`));
      if (round >= 0) taken.set(name, [...(taken.get(name) ?? []), one]);
    }
  }
  await embedded.close();
  await client.quit();
  await redis.close();
  await rm(folder, { recursive: true });

  const [ours = [], theirs = []] = Object.keys(contenders).map((name) => taken.get(name));
  const times = intervalOf([ours.map(({ sumUs }, round) => (theirs[round]?.sumUs ?? Number.NaN) / sumUs)]);
  return {
    title: 'A call of `once()` beside Powertools',
    how: [
      `Both in one process, in turns of ${String(CALLS)} calls with new keys, ${String(AT_ONCE)} at a time, ${String(ROUNDS)} turns each; the work does nothing. The store of \`once()\` is a SQLite file in this process, which syncs before every answer, as Redis does.`,
    ],
    tables: [
      {
        head: ['one call', 'processor time of the process, µs', 'with the store’s own process, µs'],
        rows: [...taken].map(([name, all]) => [
          name,
          medianOf(all.map(({ ownUs }) => ownUs)),
          medianOf(all.map(({ sumUs }) => sumUs)),
        ]),
      },
    ],
    answers: [
      {
        what: 'Processor time of Powertools’ call, as a multiple of embedded `once()`',
        ...{ figure: ratio(times), target: TARGET, verdict: verdictOf(times, TARGET) },
      },
    ],
  };
}

const medianOf = (values: readonly number[]): string => quantileOf(values, 0.5).toFixed(0);

async function measure(storePid: number, call: (nth: number) => Promise<unknown>): Promise<Taken> {
  const before = timesOf(storePid);
  const own = process.cpuUsage();
  let next = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < CALLS) await call(next++);
    }),
  );
  const { user, system } = process.cpuUsage(own);
  const ownUs = (user + system) / CALLS;
  return { ownUs, sumUs: ownUs + between(before, timesOf(storePid)) / 1_000 / CALLS };
}
