import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, constants, getPriority, setPriority } from 'node:os';
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

/** Lets the processes that are started from now on go before all others of the machine. Only root may: answers whether it was. */
export function goFirst(): boolean {
  try {
    setPriority(constants.priority.PRIORITY_HIGHEST);
    // sched(7): where sessions share the machine, the first number counts within this one alone.
    if (existsSync('/proc/self/autogroup')) {
      const [, before = '0'] = /nice (-?\d+)/.exec(readFileSync('/proc/self/autogroup', 'utf8')) ?? [];
      writeFileSync('/proc/self/autogroup', String(constants.priority.PRIORITY_HIGHEST));
      process.once('exit', () => {
        writeFileSync('/proc/self/autogroup', before);
      });
    }
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'ERR_SYSTEM_ERROR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return false;
    throw error;
  }
}

/** The cores' time so far, in nanoseconds, together; known to a hundredth of a second. */
export interface CoresTime {
  readonly idle: number;
  /** Given to other machines by the host. */
  readonly stolen: number;
}

/** The first line of proc_stat(5). */
export function timeOfCores(): CoresTime {
  const [, line = ''] = /^cpu +(.*)/.exec(readFileSync('/proc/stat', 'utf8')) ?? [];
  const [, , , idle = 0, waiting = 0, , , stolen = 0] = line.split(' ').map(Number);
  return { idle: (idle + waiting) * 1e7, stolen: stolen * 1e7 };
}

/** What others took of the cores meanwhile. Those that go after us only had what we left. */
export function takenByOthers(
  before: CoresTime,
  after: CoresTime,
  { all, ours }: { readonly all: number; readonly ours: number },
): number {
  if (getPriority() === constants.priority.PRIORITY_HIGHEST) return after.stolen - before.stolen;
  return all - (after.idle - before.idle) - ours;
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
