import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';

const ZIP = fileURLToPath(new URL('../../zapier-app/build/build.zip', import.meta.url));
const HOST = fileURLToPath(new URL('./zapier-host.ts', import.meta.url));

const LOG_KEPT = 1_000_000;

/** What the app's handler gave, or what it threw. */
export type Answer =
  { readonly results: unknown } | { readonly error: { readonly name: string; readonly message: string } };

/** The built app in a process of its own, unzipped outside the project: it finds nothing but the zip's own files. */
export interface ZapierProcess {
  /** Hands an event to the app's handler, as Zapier does; many may be under way. Rejects only where the process ended. */
  send(event: object): Promise<Answer>;
  /** The end of what the app has logged, as Zapier would keep it. */
  log(): string;
  /** Ends the process and removes the unzipped files. */
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Takes about a second; share one among tests. The app must have been built.
 *
 * @param waitMs in the place of the 20 seconds that a step waits for a key in flight.
 */
export async function openZapierProcess({ waitMs = 20_000 } = {}): Promise<ZapierProcess> {
  const folder = await unzip();
  if (waitMs !== 20_000) await waitingFor(path.join(folder, 'index.js'), waitMs);
  const child = fork(HOST, [folder], {
    // Not the flags of the test runner, and nothing by which the app could tell that it is being tested, but for its
    // server on this machine.
    execArgv: [],
    env: { PATH: process.env['PATH'], NO_COLOR: '1', ONCEONLY_ALLOW_LOOPBACK: 'yes' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text: Buffer) => (log = (log + String(text)).slice(-LOG_KEPT)));

  const waiting = new Map<number, Waiting>();
  const ended = once(child, 'exit').then(async () => {
    for (const { reject } of waiting.values())
      reject(new Error(`The process of the Zapier app ended. ${log}`));
    waiting.clear();
    await rm(folder, { recursive: true, force: true });
  });
  const [first] = (await Promise.race([once(child, 'message'), ended.then(() => [])])) as unknown[];
  if (first !== 'ready') throw new Error(`The Zapier app cannot be loaded. ${log}`);
  child.on('message', ({ id, ...answer }: Answer & { readonly id: number }) => {
    waiting.get(id)?.resolve(answer);
    waiting.delete(id);
  });

  let sent = 0;
  return {
    send: (event) =>
      new Promise((resolve, reject) => {
        const id = (sent += 1);
        waiting.set(id, { resolve, reject });
        child.send({ id, event: { ...event, logToStdout: true, detailedLogToStdout: true } }, (error) => {
          if (error) reject(error);
        });
      }),
    log: () => log,
    close: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

async function waitingFor(app: string, waitMs: number): Promise<void> {
  const parts = (await readFile(app, 'utf8')).split('var WAIT_MS = 2e4;');
  if (parts.length !== 2) throw new Error('The Zapier app does not say in one place how long it waits.');
  await writeFile(app, parts.join(`var WAIT_MS = ${String(waitMs)};`));
}

async function unzip(): Promise<string> {
  if (!existsSync(ZIP)) throw new Error('The Zapier app is not built: run npm run build -w zapier-app.');
  const folder = await mkdtemp(path.join(tmpdir(), 'onceonly-zapier-'));
  for (const [name, bytes] of Object.entries(unzipSync(await readFile(ZIP)))) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  return folder;
}
