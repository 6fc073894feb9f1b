import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readFile } from 'node:fs/promises';
import type { Contender } from './contenders.ts';

/** What is sent; each a function in `wrk/load.lua`. */
export type Mode = 'claim' | 'cycle' | 'hot' | 'duplicate' | 'batch' | 'told' | 'spread';

export interface Measured {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** What the server's process, without the store's, spent on a request, in microseconds of a core. */
  readonly cpuUs: number;
}

export interface Load {
  readonly mode: Mode;
  readonly connections: number;
  readonly seconds: number;
}

const SCRIPT = join(import.meta.dirname, 'wrk/load.lua');
let runs = 0;

/**
 * Requests a second with wrk, which a generator in JavaScript cannot keep up with.
 * @throws where wrk is missing, or a request was refused or had no answer: what fails is not counted as fast.
 */
export async function measure(
  { baseUrl, apiKey, pid }: Contender,
  { mode, connections, seconds }: Load,
): Promise<Measured> {
  runs += 1;
  const prefix = `bench-${String(process.pid)}-${String(runs)}`;
  const flags = [
    '-t1',
    `-c${String(connections)}`,
    `-d${String(seconds)}s`,
    '--timeout',
    '10s',
    '-s',
    SCRIPT,
  ];
  const cpuBefore = await cpuUsOf(pid);
  const ran = promisify(execFile)('wrk', [...flags, baseUrl, '--', mode, apiKey, prefix]);
  const { stdout } = await ran.catch((error: unknown) => {
    const missing = (error as { code?: string }).code === 'ENOENT';
    throw missing ? new Error('The bench needs wrk: apt-get install wrk') : error;
  });
  const result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Measured & Record<string, number>;
  const { requests = 0, seconds: lasted = 1, refused = 0, broken = 0 } = result;
  if (refused + broken > 0)
    throw new Error(`${baseUrl}, ${mode}: ${String(refused)} were refused, ${String(broken)} not answered.`);
  const cpuUs = ((await cpuUsOf(pid)) - cpuBefore) / requests;
  return { perSecond: requests / lasted, p50Ms: result.p50Ms, p99Ms: result.p99Ms, cpuUs };
}

/** The processor time of a process so far, in microseconds: proc_pid_stat(5) has it in hundredths of a second. */
export async function cpuUsOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${String(pid)}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}
