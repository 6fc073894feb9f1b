import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../server/test/services/free-port.ts';
import { createApiKey } from '../../server/src/api-keys.ts';
import { openStore } from '../../server/src/store/open.ts';

export const PROGRAM = fileURLToPath(new URL('../../server/bin/onceonly-server.js', import.meta.url));

/** A server in a process of its own, that can be killed and started again at the same address. */
export interface ServerProcess {
  readonly baseUrl: string;
  readonly pid: number;
  /** `SIGKILL`: it has no time for a last word. Resolves once it is gone. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Resolves once it listens. */
  start(): Promise<void>;
}

/** @param env more settings, and what else the process is to see. */
export async function startServerProcess(
  store: string,
  env: Record<string, string> = {},
): Promise<ServerProcess> {
  const port = await freePort();
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    // As it is published: where Node reads no types, it runs what was built, and starts in half the time.
    const started = spawn(process.execPath, ['--no-strip-types', PROGRAM, 'start'], {
      env: {
        ...process.env,
        ONCEONLY_PORT: String(port),
        ONCEONLY_STORE: store,
        ONCEONLY_LOG_LEVEL: 'silent',
        ONCEONLY_RATE_LIMIT: '0',
        ...env,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child = started;
    running.add(started);
    started.once('exit', () => running.delete(started));
    let said = '';
    await new Promise<void>((resolve, reject) => {
      started.stderr.on('data', (data: Buffer) => {
        said += data.toString();
        if (said.includes('OnceOnly listens at')) resolve();
      });
      started.once('exit', () => {
        reject(new Error(`The server ended: ${said}`));
      });
    });
  }

  await start();
  return {
    baseUrl: `http://127.0.0.1:${String(port)}`,
    get pid() {
      if (child?.pid === undefined) throw new Error('The server has not been started.');
      return child.pid;
    },
    start,
    async kill(signal) {
      if (child?.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    },
  };
}

/** No server outlives the tests. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** An automation's API key, made in the store itself. */
export async function makeApiKey(url: string, tenant = 'acme'): Promise<string> {
  const store = await openStore(url, { clock: Date.now });
  try {
    return (await createApiKey(store.apiKeys, { tenant, role: 'automation' })).secret;
  } finally {
    await store.close();
  }
}
