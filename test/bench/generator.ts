import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signal } from '../../server/test/services/processes.ts';
import type { Connection } from '../platforms/platform.ts';

/** What is sent; each a function in `wrk/load.lua`. */
export type Mode = 'claim' | 'cycle' | 'batch' | 'spread';

export interface Load {
  readonly mode: Mode;
  readonly connections: number;
}

/** Sends without end while it goes: the next request on a connection with the answer to the last. */
export interface Generator {
  readonly pid: number;
  go(): void;
  /** Its connections stay open. */
  rest(): void;
  /** Requests so far. */
  sent(): number;
  /** @throws where more than one request in 1,000 was refused or had no answer: what fails is not counted as fast. */
  close(): Promise<void>;
}

const SCRIPT = join(import.meta.dirname, 'wrk/load.lua');
let made = 0;

/** One that is stopped would stay. */
const running = new Set<number>();
process.once('exit', () => {
  for (const pid of running) signal(pid, 'SIGKILL');
});

/** One wrk for all slices, stopped between them: with connections that are made anew, a quarter of a second is none. It is at rest. */
export async function startGenerator(
  { baseUrl, apiKey }: Connection,
  { mode, connections }: Load,
  folder: string,
): Promise<Generator> {
  made += 1;
  const counter = join(folder, `sent-${String(made)}`);
  writeFileSync(counter, Buffer.alloc(8));
  const file = openSync(counter, 'r');
  const prefix = `${String(process.pid)}-${String(made)}`;
  const flags = ['-t1', `-c${String(connections)}`, '-d1h', '-s', SCRIPT];
  const child = spawn('wrk', [...flags, baseUrl, '--', mode, apiKey, prefix, counter], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (text: Buffer) => (said += String(text)));
  const closed = once(child, 'close');
  await once(child, 'spawn').catch((error: unknown) => {
    throw new Error('The bench needs wrk: apt-get install wrk', { cause: error });
  });
  const pid = child.pid ?? 0;
  running.add(pid);
  signal(pid, 'SIGSTOP');
  return {
    pid,
    go: () => {
      signal(pid, 'SIGCONT');
    },
    rest: () => {
      signal(pid, 'SIGSTOP');
    },
    sent: () => {
      const number = Buffer.alloc(8);
      readSync(file, number, 0, 8, 0);
      return number.readDoubleLE();
    },
    close: async () => {
      signal(pid, 'SIGCONT');
      // Its main thread sleeps until it is interrupted; another one may catch the signal.
      const asking = setInterval(() => {
        signal(pid, 'SIGINT');
      }, 50);
      await closed;
      clearInterval(asking);
      running.delete(pid);
      closeSync(file);
      type Counts = Readonly<Record<'requests' | 'refused' | 'broken', number>>;
      const { requests, refused, broken } = JSON.parse(said.trim().split('\n').at(-1) ?? '') as Counts;
      if (refused + broken > requests / 1_000)
        throw new Error(
          `${mode}: of ${String(requests)}, ${String(refused)} were refused, ${String(broken)} not answered.`,
        );
    },
  };
}
