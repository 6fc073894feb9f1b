import { spawnSync } from 'node:child_process';

/**
 * Lets these processes, and what they start from now on, run before all others of the machine. Whether that is allowed; to be nice
 * less would not be enough, since Linux shares the cores among sessions first, sched(7).
 */
export const takePrecedence = (pids: readonly number[]): boolean =>
  pids
    .map((pid) => spawnSync('chrt', ['--all-tasks', '--rr', '--pid', '1', String(pid)]))
    .every(({ status }) => status === 0);
