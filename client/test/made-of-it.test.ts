import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { testOnce } from '../src/testing/index.ts';

test('wrap gives the same function, whose work is done once for each key', async () => {
  const { once } = testOnce();
  const work = jest.fn((order: number, note: string) => `${String(order)} ${note}`);
  const wrapped = once.wrap('charge', work, { key: (order) => order });
  expect(await wrapped(1, 'first')).toBe('1 first');
  expect(await wrapped(1, 'again')).toBe('1 first');
  expect(await wrapped(2, 'other')).toBe('2 other');
  expect(work).toHaveBeenCalledTimes(2);
});

test('wrap hands on what it is called on', async () => {
  const { once } = testOnce();
  const till = {
    name: 'till-1',
    charge: once.wrap(
      'charge',
      function (this: { readonly name: string }, order: number) {
        return `${String(order)} at ${this.name}`;
      },
      {
        key(this: { readonly name: string }, order) {
          return `${this.name}/${String(order)}`;
        },
      },
    ),
  };
  expect(await till.charge(1)).toBe('1 at till-1');
});

test.each(['undefined', 'null', 'NaN'])(
  'a key that is the text %j is refused: a value is missing',
  async (key) => {
    const { once } = testOnce();
    const work = jest.fn();
    await expect(once('charge', key, work)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('“key”'),
    });
    await expect(once(key, 'order-1', work)).rejects.toMatchObject({ code: 'invalid' });
    expect(work).not.toHaveBeenCalled();
  },
);

describe('fetch', () => {
  let server: Server;
  let url: string;
  let answers: { status: number; body: string | Uint8Array; headers?: Record<string, string[]> }[];
  let seen: string[];

  beforeEach(async () => {
    seen = [];
    answers = [];
    server = createServer((request, response) => {
      seen.push(String(request.headers['idempotency-key']));
      const { status, body, headers } = answers.shift() ?? {
        status: 200,
        body: `answer ${String(seen.length)}`,
      };
      response.writeHead(status, { 'x-of': 'the provider', ...headers }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/charges`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const open = (key: string | ((request: Request) => string) = 'order-1') =>
    testOnce().once.fetch(fetch, { key });
  const post = { method: 'POST', body: 'amount=5' };

  test('sends once, and answers again as it was answered', async () => {
    const charge = open();
    const [first, second] = [await charge(url, post), await charge(url, post)];
    expect([await first.text(), await second.text()]).toEqual(['answer 1', 'answer 1']);
    expect(second.headers.get('x-of')).toBe('the provider');
    expect(seen).toHaveLength(1);
    // Another method or address is another request.
    await charge(`${url}/refund`, post);
    await charge(url);
    expect(seen).toHaveLength(3);
  });

  test('has the same Idempotency-Key on every attempt, and another one after a certain refusal', async () => {
    const charge = open();
    answers = [503, 429, 402].map((status) => ({ status, body: '' }));
    const statuses: number[] = [];
    for (let attempt = 1; attempt <= 4; attempt += 1) statuses.push((await charge(url, post)).status);
    expect(statuses).toEqual([503, 429, 402, 200]);
    const [first, second, third, fourth] = seen;
    expect([second, third]).toEqual([first, first]);
    expect(fourth).not.toBe(first);
  });

  test('rejects a caller that aborts while it waits for another, and leaves that one at work', async () => {
    const begun = Promise.withResolvers<undefined>();
    const answered = Promise.withResolvers<Response>();
    const provider = jest.fn<Promise<Response>, []>(() => {
      begun.resolve(undefined);
      return answered.promise;
    });
    const charge = testOnce().once.fetch(provider, { key: 'order-1' });
    const first = charge(url, post);
    await begun.promise;
    const caller = new AbortController();
    const second = charge(url, { ...post, signal: caller.signal });
    const reason = new Error('The caller is gone.');
    caller.abort(reason);
    await expect(second).rejects.toBe(reason);
    await expect(charge(url, { ...post, signal: caller.signal })).rejects.toBe(reason);
    answered.resolve(new Response('done'));
    expect(await (await first).text()).toBe('done');
    expect(provider).toHaveBeenCalledTimes(1);
  });

  test('gives the first caller the very answer, with its address and its cookies', async () => {
    answers = [{ status: 200, body: 'paid', headers: { 'set-cookie': ['a=1', 'b=2'] } }];
    const charge = open();
    const first = await charge(url, post);
    expect([first.url, first.headers.getSetCookie(), await first.text()]).toEqual([
      url,
      ['a=1', 'b=2'],
      'paid',
    ]);
    const second = await charge(url, post);
    expect([second.headers.getSetCookie(), await second.text()]).toEqual([[], 'paid']);
  });

  test('keeps what is no text as it was', async () => {
    const charge = open((request) => request.headers.get('x-order') ?? '');
    const bytes = new Uint8Array([0xff, 0, 0xfe]);
    answers = [{ status: 200, body: bytes }];
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const response = await charge(url, { headers: { 'x-order': 'o' } });
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    }
  });
});
