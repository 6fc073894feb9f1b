import { randomBytes, randomUUID } from 'node:crypto';
import { onExpress, onFetch, onHono, type App, type Options, type Reply } from './apps.ts';
import { longWork, useSetting } from './setting.ts';

const setting = useSetting();
const KEY = '"8e03978e-40d5-43e8-bc93-6894a57f9324"';

const apps: App[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

describe.each([
  ['Express', onExpress],
  ['Hono', onHono],
  ['a bare fetch handler', onFetch],
])('on %s', (_, start) => {
  async function started(reply: Reply, options?: Options) {
    const app = await start(setting.once, reply, options);
    apps.push(app);
    return (given: RequestInit & { path?: string; key?: string | null; user?: string } = {}) => {
      const { path = '/charges?currency=eur', key = KEY, user = 'ann', headers, ...init } = given;
      return fetch(app.url + path, {
        ...{ method: 'POST', body: '{"amount":1999}' },
        ...init,
        headers: {
          ...{ 'content-type': 'application/json', 'x-user': user },
          ...(key !== null && { 'idempotency-key': key }),
          ...(headers as Record<string, string>),
        },
      });
    };
  }
  /** Whose answers differ from each other. */
  const counted = () => {
    let charges = 0;
    const reply = jest.fn<ReturnType<Reply>, Parameters<Reply>>(() => ({
      status: 201,
      headers: { 'content-type': 'application/json', location: `/charges/${String((charges += 1))}` },
      body: JSON.stringify({ charge: charges }),
    }));
    return reply;
  };
  const said = async (response: Response) => ({
    status: response.status,
    location: response.headers.get('location'),
    type: response.headers.get('content-type'),
    body: await response.text(),
  });

  test('a form with files is not done until there is a fingerprint for it', async () => {
    const form = new FormData();
    form.append('file', new Blob(['a']), 'a.txt');
    const written = new Response(form);
    const headers = { 'content-type': written.headers.get('content-type') ?? '' };
    const init = { headers, body: await written.text() };
    const reply = counted();
    const send = await started(reply);
    expect((await send(init)).status).toBe(500);
    expect(reply).not.toHaveBeenCalled();
    const own = await started(reply, { fingerprint: () => 'what is in the file' });
    expect((await own(init)).status).toBe(201);
  });

  test('fifty equal requests at once are one charge, and fifty equal answers', async () => {
    const reply = counted();
    const send = await started(reply, { wait: '20s' });
    const answers = await Promise.all(Array.from({ length: 50 }, async () => said(await send())));
    expect(reply).toHaveBeenCalledTimes(1);
    expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(answers[0]).toEqual({
      status: 201,
      location: '/charges/1',
      type: expect.stringContaining('application/json'),
      body: '{"charge":1}',
    });
  });

  test.each([
    KEY,
    '"clkyoesmbgybucifusbbtdsbohtyuuwz"',
    'clkyoesmbgybucifusbbtdsbohtyuuwz',
    '"a \\" \\\\ b"',
  ])('the key %s is taken, and a later answer says that it is one of before', async (key) => {
    const reply = counted();
    const send = await started(reply);
    expect((await send({ key })).headers.get('idempotent-replayed')).toBeNull();
    const again = await send({ key });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await said(again)).toMatchObject({ status: 201, body: '{"charge":1}' });
  });

  test('a key with quotes and one without are the same', async () => {
    const reply = counted();
    const send = await started(reply);
    await send({ key: 'abc-1' });
    expect(await said(await send({ key: '"abc-1"' }))).toMatchObject({ body: '{"charge":1}' });
  });

  test.each([
    [null, 'Idempotency-Key is missing'],
    ['""', 'Idempotency-Key is malformed'],
    ['"a', 'Idempotency-Key is malformed'],
    ['"a", "b"', 'Idempotency-Key is malformed'],
    ['a, b', 'Idempotency-Key is malformed'],
    ['"[object Object]"', 'Idempotency-Key is malformed'],
    [`"${'x'.repeat(256)}"`, 'Idempotency-Key is malformed'],
  ])('the key %s is refused with 400: %s', async (key, title) => {
    const reply = counted();
    const send = await started(reply, { documentation: 'https://api.example.com/docs/retries' });
    const response = await send({ key });
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      type: 'https://api.example.com/docs/retries',
      ...{ title, status: 400, detail: expect.stringMatching(/\.$/) },
    });
    expect(reply).not.toHaveBeenCalled();
  });

  test('by the letter of the draft, a key without quotes is malformed', async () => {
    const send = await started(counted(), { strict: true });
    expect((await send({ key: 'abc-1' })).status).toBe(400);
    expect((await send()).status).toBe(201);
  });

  test('without the header, and of other methods, requests pass where that is allowed', async () => {
    const reply = counted();
    const send = await started(reply, { required: false });
    for (let nth = 0; nth < 2; nth += 1) await send({ key: null });
    for (let nth = 0; nth < 2; nth += 1) await send({ method: 'PUT' });
    expect(reply).toHaveBeenCalledTimes(4);
    expect(reply.mock.calls.map(([, attempt]) => attempt)).toEqual(Array(4).fill(undefined));
  });

  test('while the first is at work, 409 says when to ask again', async () => {
    const { work, begun, resolve } = longWork<{ body: string }>();
    const send = await started((_body, attempt) => work(attempt as never));
    const first = send();
    await begun;
    const refused = await send();
    expect(refused.status).toBe(409);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({
      title: 'A request is outstanding for this Idempotency-Key',
    });
    resolve({ body: 'done' });
    expect(await (await first).text()).toBe('done');
    expect(await (await send()).text()).toBe('done');
  });

  test.each([
    ['body', { body: '{"amount":2000}' }],
    ['path', { path: '/refunds' }],
    ['query', { path: '/charges?currency=usd' }],
    ['method', { method: 'PATCH' }],
  ])('the same key with another %s is refused with 422', async (_what, other) => {
    const reply = counted();
    const send = await started(reply);
    await send();
    const refused = await send(other);
    expect(refused.status).toBe(422);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(await refused.json()).toMatchObject({ title: 'Idempotency-Key is already used', status: 422 });
    expect(reply).toHaveBeenCalledTimes(1);
  });

  test('two users who send the same key are two', async () => {
    const send = await started(counted());
    expect(await (await send({ user: 'ann' })).text()).toBe('{"charge":1}');
    expect(await (await send({ user: 'bob' })).text()).toBe('{"charge":2}');
    expect(await (await send({ user: 'ann' })).text()).toBe('{"charge":1}');
  });

  test('where nobody is named, nothing is done, and nobody shares an answer', async () => {
    const reply = counted();
    const send = await started(reply);
    expect((await send({ user: '' })).status).toBe(500);
    expect(reply).not.toHaveBeenCalled();
  });

  test('bytes come back as they were, and a cookie goes to the first alone', async () => {
    const image = new Uint8Array(randomBytes(20_000));
    const send = await started(() => ({
      headers: { 'content-type': 'image/png', 'set-cookie': 'session=secret' },
      body: image,
    }));
    const sent = new Uint8Array(randomBytes(5_000));
    const [first, second] = [await send({ body: sent }), await send({ body: sent })];
    for (const each of [first, second]) {
      expect(each.headers.get('content-type')).toBe('image/png');
      expect(new Uint8Array(await each.arrayBuffer())).toEqual(image);
    }
    expect(first.headers.get('set-cookie')).toBe('session=secret');
    expect(second.headers.get('set-cookie')).toBeNull();
  });

  test('what is too large is answered once, and then said to be done', async () => {
    const large = 'x'.repeat(200_000);
    const reply = jest.fn(() => ({ body: large }));
    const send = await started(reply);
    expect(await (await send()).text()).toBe(large);
    const second = await send();
    expect(second.status).toBe(410);
    expect(await second.json()).toMatchObject({ detail: expect.stringContaining('was not done again') });
    expect(reply).toHaveBeenCalledTimes(1);
  });

  test('an answer without a body, and one that refuses, are repeated', async () => {
    const statuses = [204, 404];
    const send = await started(() => ({ status: statuses.shift() ?? 500 }));
    for (const [key, status] of [
      ['k-1', 204],
      ['k-2', 404],
      ['k-1', 204],
      ['k-2', 404],
    ] as const)
      expect((await send({ key })).status).toBe(status);
  });

  test.each([500, 503, 401, 429])(
    'after %s, the next attempt does it, with the same key for others',
    async (status) => {
      const keys: (string | undefined)[] = [];
      const send = await started((_body, attempt) => {
        keys.push(attempt?.idempotencyKey);
        return { status: keys.length === 1 ? status : 201, body: 'said' };
      });
      const first = await send();
      expect([first.status, await first.text()]).toEqual([status, 'said']);
      expect((await send()).status).toBe(201);
      expect(keys[0]).toEqual(expect.any(String));
      expect(keys[1]).toBe(keys[0]);
    },
  );

  test('after an error that is thrown, the next attempt does it', async () => {
    let calls = 0;
    const send = await started(() => {
      if ((calls += 1) === 1) throw new Error('mailbox full');
      return { status: 201 };
    });
    expect((await send()).status).toBe(500);
    expect((await send()).status).toBe(201);
  });

  test('where OnceOnly cannot be asked, nothing is done, and 503 says so', async () => {
    const reply = counted();
    const report = jest.fn();
    const send = await started(reply, { report });
    await setting.world.close();
    const refused = await send();
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).not.toBeNull();
    expect(report).toHaveBeenCalledWith(expect.objectContaining({ code: 'no_answer' }));
    expect(reply).not.toHaveBeenCalled();
  });

  test('what was done is answered, and reported, where another attempt has taken over', async () => {
    const { work, begun, resolve } = longWork<{ body: string }>();
    const report = jest.fn();
    let attempts = 0;
    const send = await started(
      (_body, attempt) => ((attempts += 1) === 1 ? work(attempt as never) : { body: 'second' }),
      { report },
    );
    const first = send();
    await begun;
    setting.world.advance(10 * 60_000);
    expect(await (await send()).text()).toBe('second');
    resolve({ body: 'first' });
    expect(await (await first).text()).toBe('first');
    expect(report).toHaveBeenCalledWith(expect.objectContaining({ code: 'lease_lost' }));
    expect(await (await send({ key: KEY })).text()).toBe('second');
  });

  test.each(['undefined', 'null'])('a scope of %j names nobody: nothing is done', async (user) => {
    const reply = counted();
    const send = await started(reply);
    expect((await send({ user })).status).toBe(500);
    expect(reply).not.toHaveBeenCalled();
  });

  test('a key of any length and any scope stays apart', async () => {
    const send = await started(counted());
    const long = `"${randomUUID().repeat(7)}"`;
    for (const user of ['u'.repeat(300), `${'u'.repeat(300)}v`, 'a:b'])
      expect(await said(await send({ key: long, user }))).toMatchObject({ status: 201 });
    expect(await (await send({ key: long, user: 'a:b' })).text()).toBe('{"charge":3}');
  });
});
