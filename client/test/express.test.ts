import express from 'express';
import { fork } from 'node:child_process';
import { once as event } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setImmediate as immediate } from 'node:timers/promises';
import { attemptOf, idempotencyKey } from '../src/express.ts';
import { listening, type App } from './apps.ts';
import { useSetting } from './setting.ts';

const setting = useSetting();

let app: App | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function started(
  handler: express.RequestHandler,
  parser: express.RequestHandler = express.json(),
  front?: express.RequestHandler,
) {
  const api = express();
  if (front !== undefined) api.use(front);
  api.post('/', parser, idempotencyKey(setting.once, { scope: 'everyone' }), handler);
  api.use(
    (error: Error, _request: express.Request, response: express.Response, next: express.NextFunction) => {
      if (response.headersSent) next(error);
      else response.status(500).send(error.message);
    },
  );
  app = await listening(createServer((request, response) => void api(request, response)));
  const { url } = app;
  return (body = '{}', type = 'application/json', signal: AbortSignal | null = null) =>
    fetch(url, {
      method: 'POST',
      body,
      signal,
      headers: { 'content-type': type, 'idempotency-key': '"k-1"' },
    });
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

test('a body that was read, and that nobody has handed on, is no empty one', async () => {
  const handler = jest.fn();
  const send = await started(handler, (request, _response, next) => {
    request.resume().once('end', next);
  });
  expect((await send('amount=1', 'text/plain')).status).toBe(500);
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

test.each(['text/event-stream', 'Text/Event-Stream;charset=utf-8'])(
  '%s goes out at once, and is not repeated',
  async (type) => {
    const more = Promise.withResolvers<undefined>();
    const send = await started(async (_request, response) => {
      response.setHeader('content-type', type);
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
  },
);

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

test('headers that middleware in front sets are there once, and are those of each request', async () => {
  const front = express();
  let requests = 0;
  front.use((_request, response, next) => {
    response.set({
      'access-control-allow-origin': '*',
      'x-request-id': String((requests += 1)),
      vary: 'Origin',
    });
    next();
  });
  const send = await started((_request, response) => response.vary('Accept').json(1), express.json(), front);
  for (const id of ['1', '2']) {
    const { headers } = await send();
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('x-request-id')).toBe(id);
    expect(headers.get('vary')).toBe('Origin, Accept');
    expect(headers.get('x-powered-by')).toBe('Express');
  }
});

test('what is too large to keep goes through middleware in front that takes no callback at the end, as compression does', async () => {
  const front = express();
  front.use((_request, response, next) => {
    const end = response.end.bind(response);
    response.end = (...given: readonly unknown[]) => {
      if (typeof given[0] === 'function') throw new TypeError('The first argument must be a string.');
      return end(...(given as [string]));
    };
    next();
  });
  const large = 'x'.repeat(200_000);
  const finished = jest.fn();
  const send = await started((_request, response) => response.end(large, finished), express.json(), front);
  expect(await (await send()).text()).toBe(large);
  expect(finished).toHaveBeenCalledTimes(1);
  expect((await send()).status).toBe(410);
});

describe('of a caller that is gone', () => {
  /** The status that the key has after its caller left in the middle of an answer. */
  async function afterLeaving(
    answer: (response: express.Response, gone: Promise<unknown>) => unknown,
  ): Promise<{ status: number; calls: number }> {
    let calls = 0;
    const begun = Promise.withResolvers<undefined>();
    const left = Promise.withResolvers<undefined>();
    const send = await started((_request, response, next) => {
      calls += 1;
      const gone = event(response, 'close');
      begun.resolve(undefined);
      void gone.then(() => {
        left.resolve(undefined);
      });
      Promise.resolve(answer(response, gone)).catch(next);
    });
    const caller = new AbortController();
    const first = send('{}', 'application/json', caller.signal).catch(() => undefined);
    await begun.promise;
    caller.abort();
    await Promise.all([first, left.promise]);
    return { status: await statusOf(send), calls };
  }
  /** The status once the answer is no longer on its way to the store. */
  async function statusOf(send: () => Promise<Response>): Promise<number> {
    for (;;) {
      const { status } = await send();
      if (status !== 409) return status;
      await immediate();
    }
  }
  const file = () => Readable.from(['one', 'two'], { objectMode: false });
  const endless = () => new Readable({ read: () => undefined });

  test('what is sent after a caller left during the claim holds no key for ever', async () => {
    const caller = new AbortController();
    const gone = Promise.withResolvers<unknown>();
    const held = Promise.withResolvers<undefined>();
    const front = ((_request, response, next) => {
      response.once('close', gone.resolve);
      next();
    }) satisfies express.RequestHandler;
    setting.through(async (claim) => {
      caller.abort();
      await gone.promise;
      const claimed = await claim();
      held.resolve(undefined);
      return claimed;
    });
    const handler = jest.fn((_request: express.Request, response: express.Response) => {
      response.sendFile(import.meta.filename);
    });
    const send = await started(handler, express.json(), front);
    await expect(send('{}', 'application/json', caller.signal)).rejects.toThrow();
    await held.promise;
    expect(await statusOf(send)).toBe(410);
    expect(handler).toHaveBeenCalledTimes(1);
  });

  test('the answer is kept where it ends nevertheless', async () => {
    const answer = async (response: express.Response, gone: Promise<unknown>) => {
      await gone;
      file().pipe(response);
    };
    expect(await afterLeaving(answer)).toEqual({ status: 200, calls: 1 });
  });

  test.each<[string, (response: express.Response, gone: Promise<unknown>) => unknown]>([
    ['pipe', (response) => endless().pipe(response)],
    ['pipeline', (response) => pipeline(endless(), response)],
    [
      'sendFile',
      (response, gone) =>
        gone.then(() => {
          response.sendFile(import.meta.filename);
        }),
    ],
  ])('what is cut off in %s holds no key for ever, and is not done again', async (_, answer) => {
    expect(await afterLeaving(answer)).toEqual({ status: 410, calls: 1 });
  });
});

describe('of a handler that gives its answer up', () => {
  const broken = () =>
    Readable.from(
      (function* () {
        yield 'half';
        throw new Error('It broke.');
      })(),
      { objectMode: false },
    );
  /** The status of the next request, and whether that was done. */
  async function afterwards(giveUp: (response: express.Response) => unknown) {
    let calls = 0;
    const send = await started(async (_request, response) => {
      if ((calls += 1) === 1) await giveUp(response);
      else response.json('done again');
    });
    await expect(send()).rejects.toThrow();
    for (;;) {
      const { status } = await send();
      if (status !== 409) return { status, calls };
      await immediate();
    }
  }

  test.each<[string, (response: express.Response) => unknown]>([
    ['destroy', (response) => response.destroy(new Error('It broke.'))],
    ['pipeline', (response) => pipeline(broken(), response).catch(() => undefined)],
  ])('an error in %s frees the key, even if no error handler is told of it', async (_, giveUp) => {
    expect(await afterwards(giveUp)).toEqual({ status: 200, calls: 2 });
  });

  test('without an error, nobody knows what was done: it is not done again', async () => {
    expect(await afterwards((response) => response.destroy())).toEqual({ status: 410, calls: 1 });
  });
});

test('over HTTP/2, where a body needs no header that announces it, one that nobody has read is no empty one', async () => {
  const handler = jest.fn();
  const middleware = idempotencyKey<IncomingMessage>(setting.once, { scope: 'everyone' });
  const server = createHttp2Server((request, response) => {
    middleware(request as never, response as never, (error) => {
      if (error === undefined) handler();
      response.end(error instanceof Error ? error.message : 'done');
    });
  });
  await event(server.listen(0, '127.0.0.1'), 'listening');
  const session = connect(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  const send = (body: string) => {
    const endStream = body === '';
    const stream = session.request({ ':method': 'POST', 'idempotency-key': 'k-1' }, { endStream });
    if (!endStream) stream.end(body);
    return text(stream);
  };
  expect(await send('amount=1')).toContain('“body” has not been read yet');
  expect(handler).not.toHaveBeenCalled();
  expect(await send('')).toBe('done');
  session.close();
  server.close();
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
