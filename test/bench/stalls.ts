import { serve } from './contenders.ts';
import type { Part } from './part.ts';
import { missingPaths, worstRequests, type WorstRequest } from './worst-requests.ts';
import { quantileOf } from './statistics.ts';

const ROUNDS = 3;
const CONNECTIONS = 16;
const WANTED_MS = 50;
const SHOWN = 10;

/** What the server's process says of the time since it was asked last. */
interface Stall {
  readonly longestMs: number;
  readonly cpuMs: number;
}

/** For how long the worst requests of each path keep all others waiting, while others claim without end. */
export async function stalls(): Promise<Part> {
  const server = await serve('./stalls-serve.ts', []);
  const headers = { authorization: `Bearer ${server.apiKey}`, 'content-type': 'application/json' };
  const send = async ({ method, path, body }: WorstRequest): Promise<number> => {
    const response = await fetch(server.baseUrl + path, { method, headers, ...(body && { body }) });
    await response.arrayBuffer();
    return response.status;
  };
  const { paths } = (await (await fetch(`${server.baseUrl}/openapi.json`)).json()) as { paths: object };
  const requests = worstRequests();
  const missing = missingPaths(requests, paths);
  if (missing.length > 0) throw new Error(`Nothing bad is sent to ${missing.join(', ')}.`);

  let going = true;
  const waits: number[] = [];
  const claimOn = async (connection: number): Promise<void> => {
    for (let n = 0; going; n += 1) {
      const startedAt = performance.now();
      const body = JSON.stringify({ key: `load:${String(connection)}:${String(n)}` });
      await send({ name: '', method: 'POST', path: '/v1/ai/lease', body });
      waits.push(performance.now() - startedAt);
    }
  };
  const load = Array.from({ length: CONNECTIONS }, (_, connection) => claimOn(connection));
  const measured: { readonly request: WorstRequest; readonly status: number; readonly ms: number }[] = [];
  try {
    for (const request of requests) {
      const rounds: number[] = [];
      let status = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        await server.ask();
        status = await send(request);
        const { longestMs, cpuMs } = (await server.ask()) as Stall;
        rounds.push(Math.min(longestMs, cpuMs));
      }
      measured.push({ request, status, ms: Math.min(...rounds) });
    }
  } finally {
    going = false;
    await Promise.allSettled(load);
    await server.close();
  }
  const worst = measured.toSorted((a, b) => b.ms - a.ms);
  const longest = worst[0]?.ms ?? Number.NaN;
  return {
    title: 'What one request keeps others waiting',
    how: [HOW],
    tables: [
      {
        head: ['requests', 'of paths', 'longest stall, ms', 'p99 of a claim meanwhile, ms'],
        rows: [
          [
            ...[String(requests.length), String(new Set(requests.map(({ path }) => pathOf(path))).size)],
            ...[longest.toFixed(1), quantileOf(waits, 0.99).toFixed(1)],
          ],
        ],
      },
      {
        head: ['the worst', 'answered', 'stall, ms'],
        rows: worst
          .slice(0, SHOWN)
          .map(({ request, status, ms }) => [
            `${request.method} ${pathOf(request.path)} ${request.name}`,
            String(status),
            ms.toFixed(1),
          ]),
      },
    ],
    answers: [
      {
        what: 'the longest stall of the event loop by any request',
        figure: `${longest.toFixed(1)} ms`,
        target: { atMost: WANTED_MS, unit: ' ms' },
        verdict: longest <= WANTED_MS ? 'reached' : 'missed',
      },
    ],
  };
}

const pathOf = (path: string): string => path.split('?')[0] ?? path;

const HOW =
  'The largest, deepest, longest and most wrong requests of every path that `/openapi.json` describes, valid ones included, while 16 connections claim without end on SQLite in memory. A stall is the longest that the server’s event loop stood still, or the most processor time that its thread took between two turns, whichever is less: on a busy machine it also stands still for others. The least of three rounds.';
