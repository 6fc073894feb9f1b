import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { join } from 'node:path';
import { counting, folder, startGuard } from '../mcp-guard/guard.ts';
import { cpuUsOf } from './load.ts';

/**
 * `npm run bench -- guard`: what `mcp guard`, with a file of its own, adds to a call of a tool, in processor time of the
 * guard's process and in waiting. Rounds in turn, medians; a call at a time, as an agent makes them.
 */
const ROUNDS = 7;
const CALLS = 200;

interface Taken {
  readonly cpuUs: number;
  readonly ms: number;
}

const { command } = counting();
const [program = '', ...args] = command;
const transport = new StdioClientTransport({ command: program, args });
const direct = new Client({ name: 'bench', version: '1' });
await direct.connect(transport);
const guard = await startGuard({ options: ['--store', `sqlite:${join(folder(), 'guard.db')}`], command });

/** What one call takes of a process, and of the one who waits for it. */
async function measure(pid: number, call: (nth: number) => Promise<unknown>): Promise<Taken> {
  const before = await cpuUsOf(pid);
  const startedAt = performance.now();
  for (let nth = 0; nth < CALLS; nth += 1) await call(nth);
  const ms = (performance.now() - startedAt) / CALLS;
  return { cpuUs: ((await cpuUsOf(pid)) - before) / CALLS, ms };
}

const behind = (tool: string, args: Record<string, unknown>) =>
  guard.client.callTool({ name: tool, arguments: args });
const rows: Readonly<Record<string, (round: number) => Promise<Taken>>> = {
  'the tool itself': (round) =>
    measure(transport.pid ?? 0, (nth) =>
      direct.callTool({ name: 'pay', arguments: { to: `${String(round)}-${String(nth)}` } }),
    ),
  'a tool that is not guarded': () => measure(guard.pid, () => behind('look', {})),
  'a guarded call': (round) =>
    measure(guard.pid, (nth) => behind('pay', { to: `${String(round)}-${String(nth)}` })),
  'the same call again': (round) =>
    measure(guard.pid, (nth) => behind('pay', { to: `${String(round)}-${String(nth)}` })),
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const taken: Record<string, Taken[]> = {};
for (let round = 0; round < ROUNDS; round += 1)
  for (const [name, row] of Object.entries(rows)) (taken[name] ??= []).push(await row(round));

console.log('| one call | CPU of its process, µs | waited for, ms |\n| --- | --- | --- |');
for (const [name, all] of Object.entries(taken)) {
  const [cpu, ms] = [median(all.map(({ cpuUs }) => cpuUs)), median(all.map((each) => each.ms))];
  console.log(`| ${name} | ${cpu.toFixed(0)} | ${ms.toFixed(2)} |`);
}
await Promise.all([guard.close(), direct.close()]);
