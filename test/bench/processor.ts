import { readFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { childrenOf } from '../../server/test/services/processes.ts';

export const CORES = availableParallelism();

/** Nanoseconds of a core so far, by process. */
export type Times = ReadonlyMap<number, number>;

/** Of a process and all that descend from it. */
export function timesOf(pid: number): Times {
  const times = new Map([[pid, threadsOf(pid).reduce((sum, thread) => sum + timeOf(pid, thread), 0)]]);
  for (const child of childrenOf(pid)) for (const [each, ns] of timesOf(child)) times.set(each, ns);
  return times;
}

/** What passed between the two; of a process that is gone meanwhile, nothing is known. */
export const between = (before: Times, after: Times): number =>
  [...after].reduce((sum, [pid, ns]) => sum + ns - (before.get(pid) ?? 0), 0);

/** Nanoseconds that the machine's cores have had nothing to do so far, together; known to a hundredth of a second. */
export function idleNs(): number {
  const [, idle, waiting] = /^cpu +\d+ \d+ \d+ (\d+) (\d+)/.exec(readFileSync('/proc/stat', 'utf8')) ?? [];
  return (Number(idle) + Number(waiting)) * 1e7;
}

const threadsOf = (pid: number): readonly string[] =>
  ifThere(() => readdirSync(`/proc/${String(pid)}/task`), []);

/** The first number of proc_pid_schedstat(5), which is far finer than proc_pid_stat(5). */
const timeOf = (pid: number, thread: string): number =>
  ifThere(
    () => Number(readFileSync(`/proc/${String(pid)}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
    0,
  );

/** It may have ended since it was listed. */
function ifThere<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return otherwise;
    throw error;
  }
}
