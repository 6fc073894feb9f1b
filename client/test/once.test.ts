import assert from 'node:assert';
import { noEffect, noRetry, notDone, type Attempt, type OnceOptions } from '../src/index.ts';
import { longWork, refusalOf, useSetting } from './setting.ts';

const setting = useSetting();
const MINUTE = 60_000;

test('the first call does the work, every later one gets what came of it', async () => {
  const { once } = setting;
  const work = jest.fn(() => ({ id: 'ch_1', amount: 1999 }));
  const first = await once('charge', 'order-1', work);
  expect(first).toEqual({
    value: { id: 'ch_1', amount: 1999 },
    replayed: false,
    attempt: 1,
    doneAt: new Date('2026-11-25T09:00:00Z'),
  });
  expect(await once('charge', 'order-1', work)).toEqual({ ...first, replayed: true });
  expect(work).toHaveBeenCalledTimes(1);
});

test('short work takes two requests, a replay one, and so do all options', async () => {
  const { once, requests } = setting;
  const options: OnceOptions<string> = {
    holdFor: '10m',
    remember: '30d',
    ifDied: 'ask',
    attempts: 5,
    wait: '20s',
    fingerprint: { a: 1 },
    verify: () => notDone,
  };
  await once('charge', 'order-1', () => 'done', options);
  expect(requests).toEqual(['POST /v1/ai/lease', 'POST /v1/ai/complete']);
  await once('charge', 'order-1', () => 'done', options);
  expect(requests.slice(2)).toEqual(['POST /v1/ai/lease']);
});

test('of fifty calls at once, one does the work, and all get its result', async () => {
  const { once } = setting;
  let done = 0;
  const runs = await Promise.all(
    Array.from({ length: 50 }, () => once('charge', 7, () => ({ number: (done += 1) }))),
  );
  expect(done).toBe(1);
  expect(runs.filter(({ replayed }) => !replayed)).toHaveLength(1);
  expect(new Set(runs.map(({ value }) => value.number))).toEqual(new Set([1]));
});

test.each([
  [null],
  [undefined],
  [0],
  ['text'],
  [false],
  [[1, [2]]],
  [{ value: 1 }],
  [{ value: { value: null } }],
  [{}],
])('a result of %j comes back as it was', async (value) => {
  const { once } = setting;
  await once('job', 'k', () => value);
  expect((await once('job', 'k', () => 'another')).value).toEqual(value);
});

test('-0 comes back as 0, to which it is equal', async () => {
  const { once } = setting;
  expect((await once('job', 'k', () => ({ refunded: -0 }))).value).toEqual({ refunded: -0 });
  expect((await once('job', 'k', () => ({ refunded: 1 }))).value).toEqual({ refunded: 0 });
});

test('an error of the work is thrown as it is, and the next attempt tries again', async () => {
  const { once } = setting;
  const error = new TypeError('mailbox full');
  const attempts: Attempt[] = [];
  const failing = once('mail', 'm', (attempt) => {
    attempts.push(attempt);
    throw error;
  });
  await expect(failing).rejects.toBe(error);
  const run = await once('mail', 'm', (attempt) => {
    attempts.push(attempt);
    return 'sent';
  });
  expect(run).toMatchObject({ value: 'sent', replayed: false, attempt: 2 });
  const [first, second] = attempts;
  expect(second?.idempotencyKey).toBe(first?.idempotencyKey);
  expect(second?.fence).toBeGreaterThan(first?.fence ?? Infinity);
});

test('noEffect gives the next attempt another idempotency key', async () => {
  const { once } = setting;
  const keys: string[] = [];
  const declined = new Error('card declined');
  const attempt = once('charge', 'o', ({ idempotencyKey }) => {
    keys.push(idempotencyKey);
    throw noEffect(declined);
  });
  await expect(attempt).rejects.toBe(declined);
  await once('charge', 'o', ({ idempotencyKey }) => void keys.push(idempotencyKey));
  expect(keys[0]).not.toBe(keys[1]);
});

test('an error whose text is too long to be kept frees the key, wherever that text is cut', async () => {
  const { once } = setting;
  for (const start of ['', 'x']) {
    const error = new Error(start + '😀'.repeat(300));
    await expect(once('j', 'k', () => Promise.reject(error))).rejects.toBe(error);
  }
  expect(await once('j', 'k', () => 'done', { wait: 0 })).toMatchObject({ value: 'done' });
});

test('noRetry fails the key for good, and later calls are told why', async () => {
  const { once } = setting;
  await expect(once('charge', 'o', () => Promise.reject(noRetry('no such customer')))).rejects.toThrow(
    'no such customer',
  );
  expect(await refusalOf(once('charge', 'o', () => 1))).toMatchObject({
    code: 'failed',
    key: 'charge:o',
    reason: 'Error: no such customer',
    message: expect.stringContaining('no such customer'),
  });
});

test.each([Object.create(null), Symbol('s'), { toString: () => assert.fail('no text') }, null])(
  'whatever is thrown comes back as it is, and the key is free again (%#)',
  async (thrown: unknown) => {
    const { once } = setting;
    const failing = once('j', 'k', () => {
      throw thrown;
    });
    expect(await failing.catch((error: unknown) => ({ error }))).toEqual({ error: thrown });
    await expect(once('j', 'k', () => Promise.reject(noRetry(thrown)), { wait: 0 })).rejects.toThrow();
    expect(await refusalOf(once('j', 'k', () => 'again'))).toMatchObject({ code: 'failed' });
  },
);

test('what throws when it is looked at is thrown on, and the key is free again', async () => {
  const { once } = setting;
  const refuse = (): never => assert.fail('Nobody may look at it.');
  const thrown: unknown = new Proxy({}, { has: refuse, get: refuse, getPrototypeOf: refuse });
  const failing = once('j', 'k', () => {
    throw thrown;
  });
  expect((await failing.catch((error: unknown) => [error])) as unknown[]).toContain(thrown);
  expect(await once('j', 'k', () => 'again', { wait: 0 })).toMatchObject({ value: 'again' });
});

test('attempts that are used up are told with the last reason', async () => {
  const { once } = setting;
  const fail = () => Promise.reject(new Error('still down'));
  for (let attempt = 1; attempt <= 2; attempt += 1)
    await expect(once('j', 'k', fail, { attempts: 2 })).rejects.toThrow('still down');
  expect(await refusalOf(once('j', 'k', fail, { attempts: 2 }))).toMatchObject({
    code: 'exhausted',
    reason: 'Error: still down',
  });
});

test('while another attempt is at work, in_progress says when to ask again', async () => {
  const { once } = setting;
  const long = longWork<string>();
  const first = once('j', 'k', long.work);
  await long.begun;
  const refused = await refusalOf(once('j', 'k', () => 'second', { wait: 0 }));
  expect(refused).toMatchObject({ code: 'in_progress', retryAfter: 10 });
  // One that waits gets the result as soon as it is there.
  const waiting = once('j', 'k', () => 'second', { wait: '20s' });
  long.resolve('first');
  expect(await first).toMatchObject({ value: 'first', replayed: false });
  expect(await waiting).toMatchObject({ value: 'first', replayed: true });
});

test('the same key with another fingerprint is refused, whatever the order of members', async () => {
  const { once } = setting;
  await once('charge', 'o', () => 1, { fingerprint: { amount: 5, to: 'a' } });
  expect(await once('charge', 'o', () => 2, { fingerprint: { to: 'a', amount: 5 } })).toMatchObject({
    value: 1,
  });
  expect(
    await refusalOf(once('charge', 'o', () => 2, { fingerprint: { amount: 6, to: 'a' } })),
  ).toMatchObject({
    code: 'mismatch',
  });
});

describe('an attempt that died', () => {
  /** Claims as a process does that is then killed. */
  async function die(options = {}): Promise<void> {
    const { work, begun } = longWork<never>();
    void setting.once('charge', 'o', work, options);
    await begun;
    setting.world.advance(10 * MINUTE);
  }

  test('is taken over, and its late result is refused with lease_lost', async () => {
    const { once } = setting;
    const slow = longWork<string>();
    const first = once('charge', 'o', slow.work);
    await slow.begun;
    setting.world.advance(10 * MINUTE);
    expect(await once('charge', 'o', () => 'second')).toMatchObject({ value: 'second', attempt: 2 });
    slow.resolve('first');
    expect(await refusalOf(first)).toMatchObject({ code: 'lease_lost', value: 'first', key: 'charge:o' });
  });

  test('waits for a person where ifDied is ask', async () => {
    await die({ ifDied: 'ask' });
    expect(await refusalOf(setting.once('charge', 'o', () => 1))).toMatchObject({ code: 'unresolved' });
  });

  test.each([
    ['done', { verdict: 'done', value: 'found' }, { value: 'found', replayed: true, attempt: 2 }],
    ['notDone', { verdict: 'notDone' }, { value: 'worked', replayed: false, attempt: 2 }],
  ] as const)('is asked about: %s', async (_, verdict, run) => {
    await die();
    const verify = jest.fn<typeof verdict, [Attempt]>(() => verdict);
    expect(await setting.once<string>('charge', 'o', () => 'worked', { verify })).toMatchObject(run);
    expect(verify).toHaveBeenCalledWith(expect.objectContaining({ attempt: 2, key: 'charge:o' }));
    expect(await setting.once('charge', 'o', () => 'again')).toMatchObject({
      value: run.value,
      replayed: true,
    });
  });

  test.each([undefined, null, true, { id: 'ch_1' }, 'done', { verdict: 'maybe' }])(
    'is not repeated where verify returns %j, which is no verdict',
    async (verdict) => {
      await die();
      const work = jest.fn(() => 'worked');
      const verify = (() => verdict) as never;
      expect(await refusalOf(setting.once('charge', 'o', work, { verify }))).toMatchObject({
        code: 'invalid',
        message: expect.stringContaining('“verify”'),
      });
      expect(work).not.toHaveBeenCalled();
    },
  );

  test('of which verify knows nothing is not repeated, and asked about again', async () => {
    await die();
    const work = jest.fn(() => 'worked');
    const verdicts = [{ verdict: 'unknown' }, { verdict: 'notDone' }] as const;
    let asked = 0;
    const verify = () => verdicts[asked++ % 2] ?? verdicts[0];
    expect(await refusalOf(setting.once('charge', 'o', work, { verify }))).toMatchObject({
      code: 'unresolved',
    });
    expect(work).not.toHaveBeenCalled();
    expect(await setting.once('charge', 'o', work, { verify })).toMatchObject({
      value: 'worked',
      attempt: 3,
    });
  });
});
