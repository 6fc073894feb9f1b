import autocannon from 'autocannon';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Connection } from '../platforms/platform.ts';

/**
 * `npm run bench -- watching`: what it costs to watch. Claims of distinct keys at 64 connections, on servers that differ
 * in what is switched on, in turn, five rounds; medians of the ratios to the server with nothing on. A claim's CPU time
 * (of all threads of the server, its receiver of hooks included) is the steadier figure on a busy machine.
 */
const ROUNDS = 5;
/** Short turns, so that what else the machine does falls on all alike. */
const TURNS = 4;
const SECONDS = 1;
const CONNECTIONS = 64;
/** One claim in so many is told to a hook; each round, Prometheus reads once. */
const TOLD_EVERY = 500;

const VARIANTS = [[], ['events'], ['metrics'], ['events', 'hooks'], ['events', 'metrics', 'hooks']] as const;

interface Turn {
  readonly claims: number;
  readonly cpuMicroseconds: number;
}

/** Of one server in one round. */
interface Measured {
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
}

async function start(on: readonly string[]) {
  const child = fork(new URL('./watched-serve.ts', import.meta.url), [...on]);
  const [connection] = (await once(child, 'message')) as [Connection];
  return {
    on,
    ...connection,
    async cpu(): Promise<number> {
      const answer = once(child, 'message') as Promise<[{ cpuMicroseconds: number }]>;
      child.send('cpu');
      return (await answer)[0].cpuMicroseconds;
    },
    stop: () => {
      child.disconnect();
    },
  };
}

type Server = Awaited<ReturnType<typeof start>>;

let keys = 0;

async function claims(server: Server): Promise<Turn> {
  const { baseUrl, apiKey, on } = server;
  const before = await server.cpu();
  const running = autocannon({
    url: baseUrl,
    connections: CONNECTIONS,
    duration: SECONDS,
    requests: [
      {
        method: 'POST',
        path: '/v1/ai/lease',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        setupRequest: (request) => {
          keys += 1;
          const job = keys % TOLD_EVERY === 0 ? 'told' : 'bench';
          return { ...request, body: `{"key":"${job}:${String(keys)}","ttl":60}` };
        },
      },
    ],
  });
  if (on.includes('metrics')) await (await fetch(`${baseUrl}/metrics`)).text();
  const result = await running;
  if (result.non2xx + result.errors > 0) throw new Error('The server refused a claim.');
  return { claims: result.requests.total, cpuMicroseconds: (await server.cpu()) - before };
}

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);

function measured(turns: readonly Turn[]): Measured {
  const all = sum(turns.map((turn) => turn.claims));
  return {
    perSecond: all / (turns.length * SECONDS),
    cpuMicroseconds: sum(turns.map((turn) => turn.cpuMicroseconds)) / all,
  };
}

const NOTHING: Measured = { perSecond: Number.NaN, cpuMicroseconds: Number.NaN };

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const servers = await Promise.all(VARIANTS.map(start));
try {
  const rounds: Measured[][] = [];
  // The first one warms up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const turns: Turn[][] = servers.map(() => []);
    for (let turn = 0; turn < TURNS; turn += 1) {
      for (const [index, server] of servers.entries()) turns[index]?.push(await claims(server));
    }
    if (round > 0) rounds.push(turns.map(measured));
  }
  console.log('on                           claims/s ÷ off   CPU a claim ÷ off   claims/s   CPU a claim, µs');
  for (const [index, { on }] of servers.entries()) {
    const of = (value: (here: Measured, off: Measured) => number): number =>
      median(rounds.map((round) => value(round[index] ?? NOTHING, round[0] ?? NOTHING)));
    console.log(
      [
        (on.join(', ') || 'nothing').padEnd(29),
        of((here, off) => here.perSecond / off.perSecond)
          .toFixed(2)
          .padEnd(17),
        of((here, off) => here.cpuMicroseconds / off.cpuMicroseconds)
          .toFixed(2)
          .padEnd(20),
        of((here) => here.perSecond)
          .toFixed(0)
          .padEnd(11),
        of((here) => here.cpuMicroseconds).toFixed(1),
      ].join(''),
    );
  }
} finally {
  for (const server of servers) server.stop();
}
