import { Agent, request as httpRequest } from 'node:http';
import { acquire, serve, type TestServer } from './support.ts';
import { hostileRequest, randomOf, type Hostile } from './hostile.ts';

const REQUESTS = 10_000;
const AT_ONCE = 24;

test('10,000 requests that cannot be right: a 4xx each, nothing changed, still there', async () => {
  const server = await serve({ logLevel: 'debug' });
  const done = await acquire(server, 'done', { holder: 'h' });
  await server.post('/v1/ai/complete', { key: 'done', lease_id: done, result: { n: 1 } });
  const failed = await acquire(server, 'failed');
  await server.post('/v1/ai/fail', { key: 'failed', lease_id: failed, error_code: 'e', retryable: true });
  await acquire(server, 'held', { holder: 'h', run: 'r' });
  await server.post('/v1/check-lock', { key: 'lock' });
  const before = await everything(server);

  const random = randomOf(20_261_115);
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const port = Number(new URL(server.url).port);
  const wrong: string[] = [];
  let left = REQUESTS;
  async function sendOn(): Promise<void> {
    while (left > 0) {
      left -= 1;
      const hostile = hostileRequest(random, server.apiKey);
      const { status, text } = await send(port, agent, hostile);
      const shape = /^\{"detail":./.test(text) || hostile.method === 'HEAD';
      if (status < 400 || status > 499 || !shape)
        wrong.push(`${hostile.why}: ${String(status)} ${text.slice(0, 200)}`);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, sendOn));
  agent.destroy();

  expect(wrong).toEqual([]);
  expect(await everything(server)).toEqual(before);
  expect((await server.post('/v1/ai/lease', { key: 'new' })).body.status).toBe('acquired');
  const logs = server.logs.join('');
  expect(logs).not.toContain(server.apiKey);
  expect(logs).not.toContain('"level":50');
}, 300_000);

/** All that the store knows of the tenant. */
async function everything(server: TestServer): Promise<unknown> {
  const { claims, events } = server.store;
  const page = await claims.list({ tenant: 'acme', prefix: '', status: null, limit: 500, cursor: null });
  return {
    keys: page.items,
    usage: await claims.usage('acme'),
    counts: await events.metrics({ tenant: 'acme', fromDay: '2026-11-01', toDay: '2026-11-30' }),
  };
}

function send(port: number, agent: Agent, hostile: Hostile): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { method, path, headers, body } = hostile;
    const outgoing = httpRequest({ port, host: '127.0.0.1', agent, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text });
      });
    });
    outgoing.on('error', (error) => {
      reject(new Error(`${hostile.why}: ${error.message}`));
    });
    outgoing.end(body);
  });
}
