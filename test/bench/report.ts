import { cpus, release } from 'node:os';
import type { Figures, Place } from './figures.ts';
import type { Name } from './contenders.ts';

const FLOOR: Name = 'floor';
const claim = (name: Name, connections = 64): Place => ({ what: 'claim', connections, name });
const cycle = (name: Name): Place => ({ what: 'claim, complete', connections: 64, name });

interface Target {
  readonly what: string;
  readonly above: Place;
  readonly below: Place;
  readonly figure: 'perSecond' | 'p99Ms';
  readonly atLeast?: number;
  readonly atMost?: number;
}

const targets: readonly Target[] = [
  ...(
    [
      ['SQLite', 0.65],
      ['Redis', 0.45],
      ['Postgres', 0.55],
    ] as const
  ).map(([name, atLeast]): Target => ({
    what: `${name} ÷ floor`,
    above: claim(name),
    below: claim(FLOOR),
    figure: 'perSecond',
    atLeast,
  })),
  {
    what: 'SQLite, claims alone ÷ Powertools + Redis',
    above: claim('SQLite'),
    below: claim('powertools'),
    figure: 'perSecond',
    atLeast: 2.5,
  },
  {
    what: 'SQLite, claim and complete as two requests ÷ Powertools + Redis, which does both in one',
    above: cycle('SQLite'),
    below: claim('powertools'),
    figure: 'perSecond',
    atLeast: 1.5,
  },
  {
    what: 'Postgres ÷ a statement a request on the same Postgres',
    above: claim('Postgres'),
    below: claim('a statement a request'),
    figure: 'perSecond',
    atLeast: 3,
  },
  {
    what: 'batch of 100 ÷ single claims, SQLite',
    above: { what: 'batch of 100', connections: 8, name: 'SQLite' },
    below: claim('SQLite'),
    figure: 'perSecond',
    atLeast: 4,
  },
  ...(['SQLite', 'Redis', 'Postgres'] as const).map((name): Target => ({
    what: `${name}, p99 ÷ floor’s`,
    above: claim(name),
    below: claim(FLOOR),
    figure: 'p99Ms',
    atMost: 3,
  })),
];

/** `server/BENCHMARKS.md`. */
export function reportOf(figures: Figures): string {
  const reached = targets.map(({ what, above, below, figure, atLeast, atMost }) => {
    const ratio = figures.ratio(above, below, figure);
    const isReached = ratio >= (atLeast ?? 0) && ratio <= (atMost ?? Infinity);
    const wanted = atLeast === undefined ? `at most ${String(atMost)}` : `at least ${String(atLeast)}`;
    return [what, ratio.toFixed(2), wanted, isReached ? 'yes' : '**no**'];
  });
  const measured = figures.places.map((place) => {
    const floor = { ...place, name: FLOOR };
    const shown = (ratio: number): string => (Number.isNaN(ratio) ? '' : ratio.toFixed(2));
    return [
      place.what,
      String(place.connections),
      place.name,
      shown(figures.ratio(place, floor, 'perSecond')),
      figures.of(place, 'perSecond').toFixed(0),
      figures.of(place, 'p50Ms').toFixed(1),
      figures.of(place, 'p99Ms').toFixed(1),
      shown(figures.ratio(place, floor, 'p99Ms')),
      figures.of(place, 'cpuUs').toFixed(0),
    ];
  });
  const { model, length } = { model: cpus()[0]?.model ?? 'unknown', length: cpus().length };
  return `# Benchmarks

Written by \`npm run bench -- claims --write\`: all in one run, in turn, five rounds, medians. The load generator, the
servers and the stores share one machine, ${String(length)} cores (${model.trim()}), Linux ${release()}, Node ${process.version}. Read the ratios: absolute figures move
with the machine.

![Claims a second at 64 connections, as a part of the floor's](benchmarks.svg)

Every claim of ours is authenticated, validated, decided with its lease, attempt and fence, and synced to the disk before it
is answered: SQLite with \`synchronous=FULL\`, Redis with \`appendfsync always\`, Postgres with \`synchronous_commit=on\`. The
**floor** is a Fastify route that authenticates and validates the same request and stores nothing. **Powertools** is AWS Lambda
Powertools' idempotency, and it, node-idempotency and express-idempotency stand in front of the same Redis; they claim and
store a result in one call. **A statement a request** is \`INSERT … ON CONFLICT DO NOTHING\` on the same Postgres.

## Targets

${tableOf(['', 'ratio', 'target', 'reached'], reached)}

## All figures

The last column is what the server's own process spent, without the store's.

${tableOf(['', 'connections', '', 'claims ÷ floor', 'claims/s', 'p50 ms', 'p99 ms', 'p99 ÷ floor', 'CPU µs a claim'], measured)}
`;
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
