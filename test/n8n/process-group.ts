import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const PROCESS_GROUP = join(import.meta.dirname, '../../setup/process-group.mjs');
const LOG_KEPT = 200_000;

/** A command and all processes that it starts. They are killed when this process ends, in whichever way. */
export interface ProcessGroup {
  /** The exit code; 137 or so where it was killed. */
  readonly ended: Promise<number>;
  /** The end of what it has written. */
  log(): string;
  /** Kills it and all that it has started, as `kill -9` does. */
  kill(): Promise<void>;
}

/** @param args of Node: its options, a script, and what that is to do. */
export function startGroup(args: readonly string[], env: NodeJS.ProcessEnv): ProcessGroup {
  const child: ChildProcess = spawn(process.execPath, [PROCESS_GROUP, process.execPath, ...args], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text: Buffer) => (log = (log + String(text)).slice(-LOG_KEPT)));
  const ended = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : 137));
  return {
    ended,
    log: () => log,
    kill: async () => {
      child.stdin?.end();
      await ended;
    },
  };
}
