import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** The running child processes of a process. */
export function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Sends a signal. If the process has ended already, nothing happens. */
export function signal(pid: number, how: NodeJS.Signals): void {
  try {
    process.kill(pid, how);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Resolves when all of them have ended. */
export async function whenGone(pids: readonly number[]): Promise<void> {
  while (pids.some(runs)) await pause(5);
}

/** Whether a process runs. One that has ended may still be listed as a zombie. */
function runs(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z');
  } catch {
    return false;
  }
}

/** Kills the process named in the pid file, and its children, and then removes the folder. */
const GUARD = `cat > /dev/null
read -r pid < "$2" && kill -9 "$pid" $(cat "/proc/$pid/task/$pid/children")
rm -rf "$1" || { sleep 1; rm -rf "$1"; }`;

/**
 * Removes a folder, and ends the service whose process id is in `pidFile`, when this process has ended in any way, or when the
 * returned function is called.
 */
export function removeWhenDone(folder: string, pidFile: string): () => Promise<void> {
  const guard = spawn('sh', ['-c', GUARD, 'sh', folder, pidFile], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  return async () => {
    guard.ref();
    const exited = once(guard, 'exit');
    guard.stdin.end();
    await exited;
  };
}
