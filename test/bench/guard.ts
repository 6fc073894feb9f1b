import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { join } from 'node:path';
import { counting, folder, startGuard } from '../mcp-guard/guard.ts';
import type { Part } from './part.ts';
import { between, timesOf } from './processor.ts';
import { quantileOf } from './statistics.ts';

const ROUNDS = 7;
const CALLS = 100;

interface Taken {
  readonly cpuUs: number;
  readonly ms: number;
}

/** What `mcp guard`, with a file of its own, adds to a call of a tool. */
export async function guard(): Promise<Part> {
  const { command } = counting();
  const [program = '', ...args] = command;
  const transport = new StdioClientTransport({ command: program, args });
  const direct = new Client({ name: 'bench', version: '1' });
  await direct.connect(transport);
  const guarded = await startGuard({ options: ['--store', `sqlite:${join(folder(), 'guard.db')}`], command });
  const behind = (tool: string, given: Record<string, unknown>) =>
    guarded.client.callTool({ name: tool, arguments: given });
  const payment = (round: number, nth: number) => ({ to: `${String(round)}-${String(nth)}` });
  const toolPid = transport.pid ?? 0;
  const rows: Readonly<Record<string, (round: number) => Promise<Taken>>> = {
    'the tool itself': (round) =>
      measure(toolPid, (nth) => direct.callTool({ name: 'pay', arguments: payment(round, nth) })),
    'a tool that is not guarded': () => measure(guarded.pid, () => behind('look', {})),
    'a guarded call': (round) => measure(guarded.pid, (nth) => behind('pay', payment(round, nth))),
    'the same call again': (round) => measure(guarded.pid, (nth) => behind('pay', payment(round, nth))),
  };
  const taken: Record<string, Taken[]> = {};
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [name, row] of Object.entries(rows)) (taken[name] ??= []).push(await row(round));
  await Promise.all([guarded.close(), direct.close()]);
  return {
    title: 'What `mcp guard` adds to a tool’s call',
    how: ['One call after the other, as an agent makes them; medians of seven rounds of 100 calls.'],
    tables: [
      {
        head: ['one call', 'processor time of its processes, µs', 'waited for, ms'],
        rows: Object.entries(taken).map(([name, all]) => [
          name,
          quantileOf(
            all.map(({ cpuUs }) => cpuUs),
            0.5,
          ).toFixed(0),
          quantileOf(
            all.map(({ ms }) => ms),
            0.5,
          ).toFixed(2),
        ]),
      },
    ],
    answers: [],
  };
}

/** What one call takes of a process and its children, and of the one who waits for it. */
async function measure(pid: number, call: (nth: number) => Promise<unknown>): Promise<Taken> {
  const before = timesOf(pid);
  const startedAt = performance.now();
  for (let nth = 0; nth < CALLS; nth += 1) await call(nth);
  const ms = (performance.now() - startedAt) / CALLS;
  return { cpuUs: between(before, timesOf(pid)) / 1_000 / CALLS, ms };
}
