import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createApiKey } from '../../server/src/api-keys.ts';
import { readConfig, type Config } from '../../server/src/config.ts';
import { type RunningServer, StartError, startServer } from '../../server/src/server.ts';
import { openStore } from '../../server/src/store/open.ts';
import { createAxiosTransport } from '../../server/src/mcp/axios-transport.ts';

const KEY_FILE = './data/api-key';

export interface Home {
  readonly server: RunningServer;
  readonly apiKey: string;
}

/** Starts the server with its data in `./data`, at another port if its own is taken, and finds or makes an API key. */
export async function openHome(): Promise<Home> {
  const config = readConfig({ ONCEONLY_LOG_LEVEL: 'warn', ...process.env });
  const server = await startServer({ config }).catch((error: unknown) => {
    if (!(error instanceof StartError) || process.env['ONCEONLY_PORT'] !== undefined) throw error;
    return startServer({ config: { ...config, port: 0 } });
  });
  return { server, apiKey: (await keptKey(server.url)) ?? (await makeKey(config)) };
}

/** The key of an earlier start, if the store still knows it. */
async function keptKey(url: string): Promise<string | undefined> {
  const kept = await readFile(KEY_FILE, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
  if (kept === undefined) return undefined;
  await chmod(KEY_FILE, 0o600);
  const me = createAxiosTransport(url, kept);
  const { status } = await me({ method: 'GET', path: '/v1/me', headers: {}, timeoutMs: 10_000 });
  return status === 200 ? kept : undefined;
}

async function makeKey(config: Config): Promise<string> {
  const store = await openStore(config.store, { clock: Date.now });
  try {
    const { secret } = await createApiKey(store.apiKeys, { tenant: 'storm', role: 'operator' });
    await mkdir(dirname(KEY_FILE), { recursive: true });
    await writeFile(KEY_FILE, `${secret}\n`, { mode: 0o600 });
    return secret;
  } finally {
    await store.close();
  }
}
