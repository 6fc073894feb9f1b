/**
 * `npm run bench`: claims over HTTP, our server on each store beside the floor (a route of the same framework with authentication and
 * no store) and beside other libraries, in turn. Ratios are what counts: absolute figures move with the machine.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { OURS, startContenders, type Name } from './contenders.ts';
import { chartOf } from './chart.ts';
import { measure, type Load } from './load.ts';
import { reportOf } from './report.ts';
import { figuresOf, type Sample } from './figures.ts';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 3);

const EVERYBODY: readonly Name[] = [
  'floor',
  ...OURS,
  'powertools',
  'node-idempotency',
  'express-idempotency',
  'a statement a request',
];
const FLOOR_AND_OURS: readonly Name[] = ['floor', ...OURS];

/** `claims` is how many keys a request claims, or, of a cycle's two requests, half a one. */
const cases: readonly {
  what: string;
  load: Omit<Load, 'seconds'>;
  who: readonly Name[];
  claims: number;
}[] = [
  { what: 'claim', load: { mode: 'claim', connections: 1 }, who: FLOOR_AND_OURS, claims: 1 },
  { what: 'claim', load: { mode: 'claim', connections: 64 }, who: EVERYBODY, claims: 1 },
  { what: 'claim', load: { mode: 'claim', connections: 256 }, who: FLOOR_AND_OURS, claims: 1 },
  { what: 'claim, complete', load: { mode: 'cycle', connections: 64 }, who: OURS, claims: 0.5 },
  { what: 'one hot key', load: { mode: 'hot', connections: 64 }, who: FLOOR_AND_OURS, claims: 1 },
  { what: 'duplicates', load: { mode: 'duplicate', connections: 64 }, who: FLOOR_AND_OURS, claims: 1 },
  { what: 'batch of 100', load: { mode: 'batch', connections: 8 }, who: OURS, claims: 100 },
];

const OTHERS = '<!-- what the other benches printed -->\n';

const contenders = await startContenders();
const samples: Sample[] = [];
try {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { what, load, who, claims } of cases) {
      for (const name of who) {
        const measured = await measure(contenders.at[name], { ...load, seconds: SECONDS });
        const { connections } = load;
        const [perSecond, cpuUs] = [measured.perSecond * claims, measured.cpuUs / claims];
        samples.push({ what, connections, name, round, ...measured, perSecond, cpuUs });
      }
    }
    console.error(`round ${String(round + 1)} of ${String(ROUNDS)}`);
  }
} finally {
  await contenders.close();
}

const figures = figuresOf(samples);
const report = reportOf(figures);
console.log(report);
if (process.argv.includes('--write')) {
  const server = new URL('../../server/', import.meta.url);
  const file = new URL('BENCHMARKS.md', server);
  // What the other benches print is put there by hand.
  const [, others = ''] = (await readFile(file, 'utf8').catch(() => '')).split(OTHERS);
  await writeFile(file, `${report}\n${OTHERS}${others}`);
  await writeFile(new URL('benchmarks.svg', server), chartOf(figures));
}
