import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../../server/test/receiver.ts';
import { sqlite } from '../world.ts';
import { call, hookUp } from './setting.ts';

/* Real processes on the machine's own clock. */

const BIN = join(__dirname, '../../server/bin/onceonly-server.js');
const MINUTE_MS = 60_000;

async function start(env: NodeJS.ProcessEnv): Promise<{ server: ChildProcess; baseUrl: string }> {
  const server = spawn(process.execPath, ['--no-strip-types', BIN, 'start'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  for await (const chunk of server.stderr) {
    said += String(chunk);
    if (said.includes('Ctrl+C')) break;
  }
  return { server, baseUrl: /http:\/\/[\d.:]+\d/.exec(said)?.[0] ?? said };
}

async function kill(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  server.kill('SIGKILL');
  await exited;
}

test(
  'a server that is killed delivers after it is started again, and no proxy of the environment is asked',
  async () => {
    const store = await sqlite();
    const env = {
      ...process.env,
      ...{ ONCEONLY_PORT: '0', ONCEONLY_STORE: store.url, ONCEONLY_HOOK_PRIVATE_ADDRESSES: 'allow' },
      // Nothing listens there.
      ...{ NODE_USE_ENV_PROXY: '1', HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: '' },
    };
    const made = await promisify(execFile)(
      process.execPath,
      [BIN, 'api-keys', 'create', '--tenant', 'acme'],
      {
        env,
      },
    );
    const apiKey = made.stdout.trim();
    const first = await start(env);
    const hook = await hookUp({ baseUrl: first.baseUrl, apiKey }, 'run_died');
    let second: Awaited<ReturnType<typeof start>> | undefined;
    try {
      // The server dies while it waits for an answer to the first, and before it has noticed the second.
      hook.answer(() => undefined);
      await call({ baseUrl: first.baseUrl, apiKey }, 'POST', '/v1/ai/lease', { key: 'orders:1', ttl: 1 });
      await until(() => hook.received.length > 0, MINUTE_MS);
      await call({ baseUrl: first.baseUrl, apiKey }, 'POST', '/v1/ai/lease', { key: 'orders:2', ttl: 1 });
      await kill(first.server);

      hook.answer(() => 200);
      second = await start(env);
      await until(
        () =>
          ['orders:1', 'orders:2'].every((key) =>
            hook.received.some((one) => one.key === key && one.status === 200),
          ),
        2 * MINUTE_MS,
      );
      const delivered = hook.received.filter(({ status }) => status === 200);
      expect(delivered.map(({ key }) => key).sort()).toEqual(['orders:1', 'orders:2']);
    } finally {
      await kill(first.server);
      if (second) await kill(second.server);
      await hook.close();
      await store.close();
    }
  },
  3 * MINUTE_MS,
);
