import { createServer, type AddressInfo } from 'node:net';
import { readConfig } from '../src/config.ts';
import { createApiKey } from '../src/api-keys.ts';
import { openStore } from '../src/store/open.ts';
import { StartError, startServer } from '../src/server.ts';
import { acquire, serve, temporaryDirectory } from './support.ts';

const configOf = (directory: string, more: Record<string, string> = {}) =>
  readConfig({
    ONCEONLY_PORT: '0',
    ONCEONLY_STORE: `sqlite:${directory}/data/claims.db`,
    ONCEONLY_LOG_LEVEL: 'silent',
    ...more,
  });

test('a server starts on a store that is not there yet, and what it stored is there after a restart', async () => {
  const directory = await temporaryDirectory();
  const config = configOf(directory);
  const first = await startServer({ config });
  const store = await openStore(config.store, { clock: Date.now });
  const { secret } = await createApiKey(store.apiKeys, { tenant: 't', role: 'automation' });
  await store.close();
  const claim = async (url: string) =>
    (await fetch(`${url}/v1/ai/lease`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: '{"key":"k"}',
    }).then((response) => response.json())) as { status: string };
  expect((await claim(first.url)).status).toBe('acquired');
  await Promise.all([first.close(), first.close()]);
  await expect(fetch(`${first.url}/healthz`)).rejects.toThrow();

  const second = await startServer({ config });
  expect((await claim(second.url)).status).toBe('in_progress');
  await second.close();
});

test('a port that is taken is a sentence that names ONCEONLY_PORT', async () => {
  const directory = await temporaryDirectory();
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as AddressInfo;
  await expect(startServer({ config: configOf(directory, { ONCEONLY_PORT: String(port) }) })).rejects.toThrow(
    new StartError(
      `Port ${String(port)} is taken, perhaps by a server that runs already. Set ONCEONLY_PORT to another one.`,
    ),
  );
  taken.close();
  await expect(startServer({ config: configOf(directory, { ONCEONLY_HOST: '192.0.2.1' }) })).rejects.toThrow(
    /ONCEONLY_HOST/,
  );
});

test('what was accepted is answered while the server closes', async () => {
  const server = await serve();
  const claims = Array.from({ length: 50 }, (_, i) => server.post('/v1/ai/lease', { key: `k${String(i)}` }));
  await Promise.race(claims);
  const closing = server.close();
  const settled = await Promise.allSettled(claims);
  await closing;
  const answers = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  expect(answers.length).toBeGreaterThan(0);
  expect(answers.every((answer) => answer.status === 200 && answer.body.status === 'acquired')).toBe(true);
});

test('logs hold no API key, no key of a claim, no result and no body', async () => {
  const server = await serve({ logLevel: 'trace' });
  const lease = await acquire(server, 'private-key', { holder: 'private-holder' });
  await server.post('/v1/ai/complete', {
    key: 'private-key',
    lease_id: lease,
    result: { secret: 'private-result' },
  });
  await server.get('/v1/ai/status?key=private-key');
  await server.post('/v1/ai/lease', '{"key":"private-key"');
  await server.post('/v1/ai/lease', { key: 7, metadata: 'private-metadata' });
  await server.get('/v1/me', { apiKey: `once_live_${'C'.repeat(43)}` });
  const logs = server.logs.join('');
  expect(logs).toContain('"path":"/v1/ai/status"');
  for (const secret of [server.apiKey, 'once_live_', 'Bearer', 'private-', lease])
    expect(logs).not.toContain(secret);
});
