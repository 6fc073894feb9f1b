import { refusalOf, serve } from './support.ts';

const URL_OF_RUN = 'https://n8n.example.com/workflow/a1/executions/7';
const ORIGIN = { platform: 'n8n', workflow: 'Order intake', url: URL_OF_RUN };
const SHOWN = { platform: 'n8n', workflow: 'Order intake', run_url: URL_OF_RUN };

test('a claim says where its run is: its events, its key, and the counts by job show it', async () => {
  const server = await serve();
  const apiKey = await server.newKey({ role: 'operator' });
  await server.post('/v1/ai/lease', { key: 'orders:1', origin: ORIGIN });
  await server.post('/v1/ai/lease', {
    key: 'orders:1',
    origin: { ...ORIGIN, workflow: 'Replay', url: null },
  });
  await server.post('/v1/ai/lease/batch', { items: [{ key: 'orders:2', origin: { platform: 'make' } }] });
  await server.post('/v1/check-lock', { key: 'orders:3', origin: ORIGIN });
  await server.post('/v1/ai/lease', { key: 'orders:4' });
  const { items } = (await server.get('/v1/events')).body;
  expect(items).toMatchObject([
    { key: 'orders:4', platform: null, workflow: null, run_url: null, shown_where: null },
    { key: 'orders:3', ...SHOWN },
    { key: 'orders:2', platform: 'make', workflow: null, run_url: null, shown_where: 'on Make' },
    { key: 'orders:1', type: 'duplicate', platform: 'n8n', workflow: 'Replay', run_url: null },
    { key: 'orders:1', type: 'claimed', ...SHOWN, shown_where: 'on n8n, in “Order intake”' },
  ]);
  const keys = await server.get('/v1/keys?prefix=orders:1', { apiKey });
  expect(keys.body.items).toMatchObject([{ key: 'orders:1', ...SHOWN }]);
  const counts = await server.get('/v1/metrics/jobs?type=duplicate');
  expect(counts.body.items).toEqual([{ job: 'orders', platform: 'n8n', workflow: 'Replay', count: 1 }]);
});

test.each([
  [{ url: 'javascript:alert(1)' }, 'url'],
  [{ url: 'https://n8n.example.com@evil.example/' }, 'url'],
  [{ url: 'https://evil.example/[click](https://x)' }, 'url'],
  [{ url: 'https://evil.example/<!channel>' }, 'url'],
  [{ url: 'https://evil.example/a b' }, 'url'],
  [{ url: `https://n8n.example.com/${'x'.repeat(512)}` }, 'url'],
  [{ url: '//evil.example/' }, 'url'],
  [{ workflow: 'x'.repeat(129) }, 'workflow'],
  [{ workflow: 'half \ud800' }, 'workflow'],
  [{ platform: null }, 'platform'],
])('an origin with %j is refused, and nothing is claimed', async (part, field) => {
  const server = await serve();
  const origin = { platform: 'n8n', ...part };
  for (const path of ['/v1/ai/lease', '/v1/check-lock']) {
    const [fault] = await refusalOf(server, path, { key: 'k', origin });
    expect(fault?.loc).toEqual(['body', 'origin', field]);
    expect(fault?.msg).toMatch(field === 'url' ? /^url must be an address that begins with https/ : /./);
  }
  expect((await server.get('/v1/events')).body.items).toEqual([]);
});

test.each([
  ['https://n8n.example.com'],
  ['http://localhost:5678/workflow/a/executions/1'],
  ['https://[::1]:5678/a'],
])('the address %s is taken', async (url) => {
  const server = await serve();
  const origin = { platform: 'n8n', url };
  expect((await server.post('/v1/ai/lease', { key: 'k', origin })).body.status).toBe('acquired');
});
