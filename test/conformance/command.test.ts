import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { main } from '../../server/src/cli/main.ts';
import { sqlite } from '../world.ts';
import { withServer } from './play-on.ts';

/** Stands in front of a server and tells every lock that it is the first. */
async function lying(url: string): Promise<{ readonly url: string; close(): void }> {
  const proxy = createServer((request, response) => {
    void (async () => {
      const { method = 'GET', headers } = request;
      const sent = new Headers();
      for (const name of ['authorization', 'content-type', 'x-request-id', 'x-onceonly-outcomes']) {
        const value = headers[name];
        if (typeof value === 'string') sent.set(name, value);
      }
      const body = await text(request);
      const path = request.url ?? '/';
      const answer = await fetch(url + path, { method, headers: sent, ...(body !== '' && { body }) });
      const told = (await answer.text()).replace(
        /"success":false,"status":"duplicate"/,
        '"success":true,"status":"locked"',
      );
      const id = answer.headers.get('x-request-id');
      response.writeHead(answer.status, {
        'x-onceonly-status': 'locked',
        ...(id !== null && { 'x-request-id': id }),
      });
      response.end(told);
    })();
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`,
    close: () => void proxy.close(),
  };
}

async function run(...args: string[]): Promise<{ out: string; err: string; code: unknown }> {
  let out = '';
  let err = '';
  const terminal = {
    env: {},
    ask: null,
    out: (more: string) => (out += more),
    err: (more: string) => (err += more),
  };
  try {
    await main(['node', 'onceonly-server', 'conformance', ...args], terminal);
    return { out, err, code: process.exitCode ?? 0 };
  } finally {
    process.exitCode = 0;
  }
}

test('says what holds and what deviates, and ends with an error where the hosted part does not hold', async () => {
  await withServer(sqlite, 'automation', {}, async (url, key) => {
    const { url: liar, close } = await lying(url);
    const told = await run('--url', liar, '--key', key);
    close();
    expect(told).toMatchObject({ code: 1, err: '' });
    expect(told.out).toMatch(/^VERDICT +PART +PROMISE\n/);
    expect(told.out).toMatch(/^deviates +hosted +POST \/v1\/check-lock: Of many at once one is locked\.$/m);
    expect(told.out).toMatch(/^ +10 of 10 won\.$/m);
    expect(told.out).toMatch(/^holds +hosted +POST \/v1\/ai\/lease: Of many at once one wins\.$/m);
    expect(told.out).toMatch(/^not tried +addition +GET \/v1\/keys: /m);
    expect(told.out).toMatch(/^hosted: deviates 2$/m);

    const well = await run('--url', url, '--key', key, '--json');
    expect(well).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(well.out)).toMatchObject({
      url,
      findings: expect.arrayContaining([
        expect.objectContaining({ part: 'hosted', verdict: 'holds', reason: null }),
      ]),
    });
  });
});

test('a server that gives no answer is told as that', async () => {
  expect(await run('--url', 'http://127.0.0.1:9', '--key', `once_live_${'A'.repeat(43)}`)).toMatchObject({
    code: 4,
    out: '',
    err: 'http://127.0.0.1:9: There was no answer.\n',
  });
});
