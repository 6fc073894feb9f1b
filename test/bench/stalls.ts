import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Connection } from '../platforms/platform.ts';
import { worstRequests } from './worst-requests.ts';

/**
 * `npm run bench -- stalls`: for how long the worst request of each path keeps all others waiting, while 16 connections
 * claim without end. The longest stall of the server's event loop, and the most processor time that its thread took between
 * two turns, each the least of three rounds. Where the machine has other work, a stall that took less processor time is
 * from there.
 */
const ROUNDS = 3;
const CONNECTIONS = 16;
const WANTED_MS = 50;

interface Stall {
  readonly longestMs: number;
  readonly cpuMs: number;
}

const child = fork(new URL('./stalls-serve.ts', import.meta.url));
const [server] = (await once(child, 'message')) as [Connection];
const headers = { authorization: `Bearer ${server.apiKey}`, 'content-type': 'application/json' };

async function post(path: string, body: string): Promise<Response> {
  const response = await fetch(server.baseUrl + path, { method: 'POST', headers, body });
  await response.arrayBuffer();
  return response;
}

let going = true;
async function claimOn(connection: number): Promise<void> {
  for (let n = 0; going; n += 1)
    await post('/v1/ai/lease', JSON.stringify({ key: `load:${String(connection)}:${String(n)}` }));
}

/** What the server's process says of the time since it was asked last. */
async function sinceLast(): Promise<Stall> {
  child.send('read');
  const [stall] = (await once(child, 'message')) as [Stall];
  return stall;
}

const worst: { readonly name: string; readonly ms: number }[] = [];
const load = Array.from({ length: CONNECTIONS }, (_, connection) => claimOn(connection));
try {
  console.log('request                                            status   longest stall, ms   its CPU, ms');
  for (const { name, path, body } of worstRequests()) {
    const rounds: Stall[] = [];
    let status = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      await sinceLast();
      ({ status } = await post(path, body));
      rounds.push(await sinceLast());
    }
    const least = (of: (stall: Stall) => number): number => Math.min(...rounds.map(of));
    const longest = least(({ longestMs }) => longestMs);
    const cpu = least(({ cpuMs }) => cpuMs);
    const columns = [
      `${path} ${name}`.padEnd(50),
      String(status).padEnd(8),
      (longest.toFixed(1) + (Math.min(longest, cpu) > WANTED_MS ? ' !' : '')).padEnd(19),
      cpu.toFixed(1),
    ];
    console.log(columns.join(' '));
    worst.push({ name: `${path} ${name}`, ms: Math.min(longest, cpu) });
  }
  const slow = worst.filter(({ ms }) => ms > WANTED_MS);
  console.log(
    slow.length === 0
      ? `No request of ${String(worst.length)} keeps the others waiting for more than ${String(WANTED_MS)} ms.`
      : `Longer than ${String(WANTED_MS)} ms: ${slow.map(({ name }) => name).join('; ')}.`,
  );
} finally {
  going = false;
  await Promise.allSettled(load);
  child.disconnect();
}
