import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** The processes that a process started and that run now. */
export function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Sends a signal; one that is gone needs none. */
export function signal(pid: number, how: NodeJS.Signals): void {
  try {
    process.kill(pid, how);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Resolves once none of them runs any more. */
export async function whenGone(pids: readonly number[]): Promise<void> {
  while (pids.some(runs)) await pause(5);
}

/** One that ended and that nobody asked about is still listed, as a zombie. */
function runs(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z');
  } catch {
    return false;
  }
}

/** Kills the process that its file names, with its children, then removes the folder. */
const GUARD = `cat > /dev/null
read -r pid < "$2" && kill -9 "$pid" $(cat "/proc/$pid/task/$pid/children")
rm -rf "$1" || { sleep 1; rm -rf "$1"; }`;

/**
 * Removes a folder, and ends the service that writes its process id into `pidFile`, once this process has ended,
 * however it did, or once the function answered is called.
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
