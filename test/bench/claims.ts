import { setTimeout as pause } from 'node:timers/promises';
import { startContenders, type Contender } from './contenders.ts';
import { answered, number, type Part } from './part.ts';
import { answer, questions, verdictOn, type Figure, type Question } from './questions.ts';
import { measureRound, type Round, type Slice } from './slices.ts';
import { quantileOf, widthOf } from './statistics.ts';
import { randomOf } from '../../server/test/hostile.ts';

/** How often all processes are started anew. */
const STARTS = 3;
const MINUTES = Number(process.env['BENCH_MINUTES'] ?? 6);
/** Each contender's, at least, in each start. */
const ROUNDS = 4;
const NARROW = 0.1;
const WARM_UP_MS = 1_000;

interface Options {
  /** Other trees whose servers are measured beside this one's, instead of all else. */
  readonly others?: Readonly<Record<string, string>>;
  readonly asked?: readonly Question[];
}

interface Measured {
  readonly contenders: readonly Pick<Contender, 'name' | 'load'>[];
  readonly starts: readonly (readonly Round[])[];
}

/** All rounds of all starts. The undecided are asked again, until their intervals are narrow or the time is over. */
export async function measureAll({ others, asked = questions }: Options = {}): Promise<Measured> {
  const beganAt = performance.now();
  const random = randomOf(Date.now());
  const starts: Round[][] = [];
  let contenders: Measured['contenders'] = [];
  const isOpen = (question: Question): boolean => {
    const answered = answer(question, starts);
    if (verdictOn(answered, question.target) !== 'not decided') return false;
    return !answered.isQuiet || widthOf(answered.interval) > NARROW;
  };
  for (let start = 1; start <= STARTS; start += 1) {
    const until = beganAt + (MINUTES * 60_000 * start) / STARTS;
    const { all, close } = await startContenders(others);
    const [floor, alone, ...rest] = all;
    if (floor === undefined || alone === undefined) throw new Error('The floor comes first.');
    contenders = rest.map(({ name, load }) => ({ name, load }));
    const rounds: Round[] = [];
    starts.push(rounds);
    try {
      await warmUp(all);
      while (performance.now() < until) {
        const open = rounds.length < ROUNDS ? undefined : asked.filter(isOpen).flatMap(({ of }) => of);
        const measured = open === undefined ? rest : rest.filter(({ name }) => open.includes(name));
        if (measured.length === 0) break;
        rounds.push(await measureRound(measured, { floor, alone }, random));
        process.stderr.write(`start ${String(start)} of ${String(STARTS)}, round ${String(rounds.length)}\r`);
      }
    } finally {
      await close();
    }
  }
  return { contenders, starts };
}

async function warmUp(all: readonly Contender[]): Promise<void> {
  for (const { generator } of all) {
    generator.go();
    await pause(WARM_UP_MS);
    generator.rest();
  }
}

/** `npm run bench`: claims in slices, side by side. */
export async function claims(): Promise<Part> {
  const { contenders, starts } = await measureAll();
  const of = (name: string, figure: Figure) => answer({ of: [name], figure }, starts);
  const absolute = (name: string, figure: keyof Slice, isFloor = false): string => {
    const samples = starts.flatMap((rounds) => rounds.flatMap((round) => round.get(name) ?? []));
    const quiet = samples.filter(({ isQuiet }) => isQuiet);
    if (quiet.length === 0) return '';
    return number(
      quantileOf(
        quiet.map((sample) => (isFloor ? sample.floor : sample)[figure]),
        0.5,
      ),
    );
  };
  const othersOf = (name: string): string => {
    const samples = starts.flatMap((rounds) => rounds.flatMap((round) => round.get(name) ?? []));
    return `${(
      100 *
      quantileOf(
        samples.map(({ others }) => others),
        0.5,
      )
    ).toFixed(0)} %`;
  };
  const slices = (name: string): string => {
    const samples = starts.flat().flatMap((round) => round.get(name) ?? []);
    return `${String(samples.filter(({ isQuiet }) => isQuiet).length)} of ${String(samples.length)}`;
  };
  const rows = contenders.map(({ name, load }) => [
    ...[name, String(load.connections)],
    ...(['perSecond', 'serverUs', 'sumUs'] as const).map((figure) => answered(of(name, figure))),
    ...(['perSecond', 'serverUs', 'sumUs'] as const).map((figure) => absolute(name, figure)),
    othersOf(name),
    slices(name),
  ]);
  const floor = (beside: string, connections: number): readonly string[] => [
    ...['floor', String(connections), '1', '1', '1'],
    ...(['perSecond', 'serverUs', 'sumUs'] as const).map((figure) => absolute(beside, figure, true)),
    '',
    '',
  ];
  return {
    title: 'Claims',
    how: HOW,
    tables: [
      {
        head: [
          ...[
            '',
            'connections',
            'claims a second ÷ floor',
            'processor time ÷ floor',
            'with the store’s ÷ floor',
          ],
          ...[
            'claims/s',
            'µs a claim',
            'with the store’s',
            'others’ part of the machine',
            'slices that count',
          ],
        ],
        rows: [floor('SQLite', 64), floor('SQLite, alone', 1), ...rows],
      },
    ],
    answers: questions.map(({ what, target, ...question }) => {
      const found = answer(question, starts);
      return { what, figure: answered(found), target, verdict: verdictOn(found, target) };
    }),
    bars: contenders
      .filter(
        ({ name, load }) => load.mode === 'claim' && load.connections > 1 && of(name, 'perSecond').isQuiet,
      )
      .map(({ name }) => ({
        ...of(name, 'perSecond').interval,
        label: name,
        isOurs: /^(SQLite|Redis|Postgres)/.test(name),
      })),
  };
}

const HOW = [
  'Every claim is authenticated, validated, decided with its lease, attempt and fence, and synced to the disk before it is answered: SQLite with `synchronous=FULL`, Redis with `appendfsync always`, Postgres with `synchronous_commit=on`. Events, metrics, limits of requests and three hooks are on; one of the hooks is told of one claim in 500. “Watching off” has none of them. The **floor** is a Fastify route that authenticates and validates the same request, and stores nothing. **Powertools** is the idempotency of AWS Lambda Powertools on the same Redis. **A statement a request** is `INSERT … ON CONFLICT DO NOTHING` on the same Postgres. A **cycle** is a claim and its completion, two requests.',
  'All servers stay open. wrk loads each for a quarter of a second at a time, in random order, and the floor before and after it. A ratio is to the mean of these two slices of the floor. The table shows the median of all slices, and the interval in which the true median lies in 99 runs of 100 (bootstrap over starts of all processes, and over the slices of each). If a target lies within the interval, more slices are taken, until the interval is narrower than 10 % or the time is over. If it still lies within, the target is **not decided**.',
  'Run by root, the processes of this bench go before all others of the machine. A slice counts if others took at most 8 % of the machine during it and the floor’s slices: other machines of the same host, and, if the bench is not run by root, other processes of this one. If fewer than eight slices count, the row says **disturbed**, and decides nothing. Other work on the disk is not seen, and would slow down whoever syncs: let there be none.',
  'A claim that comes **alone** waits for the disk, and the floor waits for nothing. So its ratio shows the disk’s own time, which many claims share at 64 connections.',
];
