import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Connection } from '../platforms/platform.ts';
import { medianOf } from './figures.ts';
import { measure } from './load.ts';

/**
 * `npm run bench -- watching`: what it costs to watch. Claims of distinct keys at 64 connections, on servers that differ
 * in what is switched on, in turn, five rounds; medians of the ratios to the server with nothing on. A claim's CPU time
 * (of all threads of the server, its receiver of hooks included; `wrk/load.lua` has one claim in 500 told to a hook) is the steadier figure on a busy machine.
 */
const ROUNDS = 5;
/** Short turns, so that what else the machine does falls on all alike. */
const TURNS = 4;
const SECONDS = 1;
const CONNECTIONS = 64;

const VARIANTS = [[], ['events'], ['metrics'], ['events', 'hooks'], ['events', 'metrics', 'hooks']] as const;

/** Of one server in one turn or round. */
interface Watched {
  readonly perSecond: number;
  /** A claim. */
  readonly cpuUs: number;
}

async function start(on: readonly string[]) {
  const child = fork(new URL('./watched-serve.ts', import.meta.url), [...on]);
  const [connection] = (await once(child, 'message')) as [Connection];
  return {
    on,
    ...connection,
    pid: child.pid ?? 0,
    stop: () => {
      child.disconnect();
    },
  };
}

type Server = Awaited<ReturnType<typeof start>>;

async function turn(server: Server): Promise<Watched> {
  const running = measure(server, { mode: 'told', connections: CONNECTIONS, seconds: SECONDS });
  if (server.on.includes('metrics')) await (await fetch(`${server.baseUrl}/metrics`)).text();
  return running;
}

const meanOf = (turns: readonly Watched[], figure: keyof Watched): number =>
  turns.reduce((all, each) => all + each[figure], 0) / turns.length;

const NOTHING: Watched = { perSecond: Number.NaN, cpuUs: Number.NaN };

const servers = await Promise.all(VARIANTS.map(start));
try {
  const rounds: Watched[][] = [];
  // The first one warms up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const turns: Watched[][] = servers.map(() => []);
    for (let each = 0; each < TURNS; each += 1) {
      for (const [index, server] of servers.entries()) turns[index]?.push(await turn(server));
    }
    if (round > 0)
      rounds.push(turns.map((all) => ({ perSecond: meanOf(all, 'perSecond'), cpuUs: meanOf(all, 'cpuUs') })));
  }
  console.log('on                           claims/s ÷ off   CPU a claim ÷ off   claims/s   CPU a claim, µs');
  for (const [index, { on }] of servers.entries()) {
    const of = (value: (here: Watched, off: Watched) => number): number =>
      medianOf(rounds.map((round) => value(round[index] ?? NOTHING, round[0] ?? NOTHING)));
    console.log(
      [
        (on.join(', ') || 'nothing').padEnd(29),
        of((here, off) => here.perSecond / off.perSecond)
          .toFixed(2)
          .padEnd(17),
        of((here, off) => here.cpuUs / off.cpuUs)
          .toFixed(2)
          .padEnd(20),
        of((here) => here.perSecond)
          .toFixed(0)
          .padEnd(11),
        of((here) => here.cpuUs).toFixed(1),
      ].join(''),
    );
  }
} finally {
  for (const server of servers) server.stop();
}
