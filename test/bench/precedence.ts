import { spawnSync } from 'node:child_process';
import { timesOf } from './processor.ts';

/**
 * While `work` lasts, this process and all that it started run before all others of the machine. Where that is not allowed, nothing
 * changes; `work` is told. To be nice less would not be enough, since Linux shares the cores among sessions first, sched(7).
 */
export async function withPrecedence<T>(work: (isFirst: boolean) => Promise<T>): Promise<T> {
  const isFirst = schedule(['--rr', '--pid', '1']);
  try {
    return await work(isFirst);
  } finally {
    schedule(['--other', '--pid', '0']);
  }
}

const schedule = (how: readonly string[]): boolean =>
  [...timesOf(process.pid).keys()]
    .map((pid) => spawnSync('chrt', ['--all-tasks', ...how, String(pid)]))
    .every(({ status }) => status === 0);
