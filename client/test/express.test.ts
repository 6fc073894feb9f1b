import express from 'express';
import { fork } from 'node:child_process';
import { once as event } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { attemptOf, idempotencyKey } from '../src/express.ts';
import { listening, type App } from './apps.ts';
import { useSetting } from './setting.ts';

const setting = useSetting();

let app: App | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function started(handler: express.RequestHandler, parser: express.RequestHandler = express.json()) {
  const api = express();
  api.post('/', parser, idempotencyKey(setting.once, { scope: 'everyone' }), handler);
  api.use(
    (error: Error, _request: express.Request, response: express.Response, next: express.NextFunction) => {
      if (response.headersSent) next(error);
      else response.status(500).send(error.message);
    },
  );
  app = await listening(createServer((request, response) => void api(request, response)));
  const { url } = app;
  return (body = '{}', type = 'application/json') =>
    fetch(url, { method: 'POST', body, headers: { 'content-type': type, 'idempotency-key': '"k-1"' } });
}

test('a body that was parsed is the same however it was written', async () => {
  let calls = 0;
  const send = await started((_request, response) => response.json((calls += 1)));
  expect(await (await send('{"a":1,"b":[2]}')).json()).toBe(1);
  expect(await (await send('{ "b": [2], "a": 1 }')).json()).toBe(1);
  expect((await send('{"a":1,"b":[3]}')).status).toBe(422);
});

test('a body that nobody has read is no empty one', async () => {
  const handler = jest.fn();
  const send = await started(handler);
  const response = await send('amount=1', 'text/plain');
  expect([response.status, await response.text()]).toEqual([
    500,
    expect.stringContaining('“body” has not been read yet'),
  ]);
  expect(handler).not.toHaveBeenCalled();
});

test('what is written in pieces comes as one, with the headers of writeHead', async () => {
  const send = await started((_request, response) => {
    response.writeHead(202, 'Taken', { 'X-Made': 'yes', 'Content-Type': 'text/plain' });
    response.write('aGFs', 'base64');
    response.write(new Uint8Array([0xc3, 0xb6]));
    response.end('chen', () => undefined);
  });
  for (let nth = 0; nth < 2; nth += 1) {
    const response = await send();
    expect(response.status).toBe(202);
    expect(response.headers.get('x-made')).toBe('yes');
    expect(await response.text()).toBe('halöchen');
  }
});

test('server-sent events go out at once, and are not repeated', async () => {
  const more = Promise.withResolvers<undefined>();
  const send = await started(async (_request, response) => {
    response.setHeader('content-type', 'text/event-stream');
    response.write('data: 1\n\n');
    await more.promise;
    response.end('data: 2\n\n');
  });
  const stream = (await send()).body as ReadableStream<Uint8Array> | null;
  const reader = stream?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('data: 1\n\n');
  more.resolve(undefined);
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('data: 2\n\n');
  expect((await send()).status).toBe(410);
});

test('an error after the first piece gives the error alone, and frees the key', async () => {
  let calls = 0;
  const send = await started((_request, response) => {
    response.write('half');
    if ((calls += 1) === 1) throw new Error('It broke.');
    response.end(' and half');
  });
  const first = await send();
  expect([first.status, await first.text()]).toEqual([500, 'It broke.']);
  expect(await (await send()).text()).toBe('half and half');
});

test('what comes after the end changes nothing', async () => {
  const send = await started((_request, response) => {
    response.json({ done: true });
    throw new Error('too late');
  });
  expect(await (await send()).json()).toEqual({ done: true });
  expect(await (await send()).json()).toEqual({ done: true });
});

test('after kill -9 in the middle, the next request is done when the lease has ended, with the same key for others', async () => {
  const { baseUrl, apiKey } = setting.world;
  const child = fork(join(import.meta.dirname, 'hanging-api-child.ts'), [baseUrl, apiKey], { execArgv: [] });
  const [url] = (await event(child, 'message')) as [string];
  const given = event(child, 'message') as Promise<[string]>;
  const headers = { 'idempotency-key': '"k-1"' };
  const cut = fetch(url, { method: 'POST', headers }).catch(() => 'cut off');
  const [idempotencyKeyOfFirst] = await given;
  child.kill('SIGKILL');
  expect(await cut).toBe('cut off');

  await started((request, response) => response.json(attemptOf(request)?.idempotencyKey));
  const { url: next } = app ?? { url: '' };
  const sendNext = () => fetch(next, { method: 'POST', headers });
  expect((await sendNext()).status).toBe(409);
  setting.world.advance(10 * 60_000);
  const taken = await sendNext();
  expect([taken.status, await taken.json()]).toEqual([200, idempotencyKeyOfFirst]);
});
