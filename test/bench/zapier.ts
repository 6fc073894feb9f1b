import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openZapier, type Zapier } from '../platforms/zapier.ts';
import { serve, TREE } from './contenders.ts';
import type { Part } from './part.ts';
import { quantileOf } from './statistics.ts';

const COLD = 10;
const WARM = 300;

interface Times {
  readonly claim: number;
  readonly complete: number;
}

/** What the two steps take in the built app, in a process that was just started, and in one that is used again. */
export async function zapier(): Promise<Part> {
  const folder = await mkdtemp(join(tmpdir(), 'onceonly-bench-'));
  const server = await serve('./serve.ts', [TREE, `sqlite:${join(folder, 'claims.db')}`, 'on']);
  const loading: number[] = [];
  const cold: Times[] = [];
  const warm: Times[] = [];
  for (let n = 0; n < COLD; n += 1) {
    const startedAt = performance.now();
    const app = await openZapier(server);
    loading.push(performance.now() - startedAt);
    cold.push(await both(app, `cold-${String(n)}`));
    await app.close();
  }
  const app = await openZapier(server);
  for (let n = 0; n < WARM; n += 1) warm.push(await both(app, `warm-${String(n)}`));
  await app.close();
  await server.close();
  await rm(folder, { recursive: true });
  const row = (what: string, all: readonly number[]): readonly string[] => [
    ...[what, quantileOf(all, 0.5).toFixed(1), quantileOf(all, 0.95).toFixed(1)],
  ];
  return {
    title: 'What a step takes in a Zap',
    how: [
      `The zip that is uploaded to Zapier, unzipped and run with Zapier’s own core in a process of its own, on a server beside it, on SQLite. Cold: the first step of a process, ${String(COLD)} processes; warm: ${String(WARM)} steps in one. A Zap without the steps takes none of it; the network between Zapier and a server comes on top.`,
    ],
    tables: [
      {
        head: ['', 'p50, ms', 'p95, ms'],
        rows: [
          row('a process is started and the app loaded', loading),
          row(
            'Check & Claim Key, cold',
            cold.map(({ claim }) => claim),
          ),
          row(
            'Mark Complete, after it',
            cold.map(({ complete }) => complete),
          ),
          row(
            'Check & Claim Key, warm',
            warm.slice(10).map(({ claim }) => claim),
          ),
          row(
            'Mark Complete, warm',
            warm.slice(10).map(({ complete }) => complete),
          ),
        ],
      },
    ],
    answers: [],
  };
}

async function both(app: Zapier, key: string): Promise<Times> {
  const startedAt = performance.now();
  const claimed = await app.step('claimKey', { job: 'bench', key });
  const claimedAt = performance.now();
  if ('error' in claimed) throw new Error(claimed.error.message);
  const completed = await app.step('completeKey', { claim_token: claimed.outputs['claim_token'] });
  if ('error' in completed) throw new Error(completed.error.message);
  return { claim: claimedAt - startedAt, complete: performance.now() - claimedAt };
}
