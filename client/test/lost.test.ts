import { testOnce } from '../src/testing/index.ts';
import { longWork, refusalOf, useSetting } from './setting.ts';

const MINUTE = 60_000;

describe('over HTTP', () => {
  const setting = useSetting();

  test('a completion without an answer is sent again, and is never a failure', async () => {
    let lost = 0;
    setting.through(async (send, path) => {
      const response = await send();
      if (path !== '/v1/ai/complete' || lost === 2) return response;
      lost += 1;
      throw new TypeError('fetch failed');
    });
    expect(await setting.once('j', 'k', () => 'done')).toMatchObject({ value: 'done', replayed: false });
    expect(setting.requests.filter((each) => each.endsWith('/fail'))).toEqual([]);
    expect(await setting.once('j', 'k', () => 'again')).toMatchObject({ value: 'done', replayed: true });
  });

  test('a claim without an answer finds its own lease', async () => {
    let lost = false;
    setting.through(async (send, path) => {
      const response = await send();
      if (path !== '/v1/ai/lease' || lost) return response;
      lost = true;
      throw new TypeError('fetch failed');
    });
    expect(await setting.once('j', 'k', () => 'done', { wait: 0 })).toMatchObject({
      value: 'done',
      attempt: 1,
    });
  });

  test('where nobody answers, nothing is done, and the error says why', async () => {
    const refused = new TypeError('fetch failed');
    setting.through(() => Promise.reject(refused));
    const work = jest.fn(() => 1);
    expect(await refusalOf(setting.once('j', 'k', work))).toMatchObject({
      code: 'no_answer',
      cause: refused,
    });
    expect(work).not.toHaveBeenCalled();
  });

  test('a wrong API key is said, and not repeated', async () => {
    const { onceOnly } = await import('../src/index.ts');
    const once = onceOnly({ url: setting.world.baseUrl, apiKey: 'once_live_wrong' });
    const error = await refusalOf(once('j', 'k', () => 1));
    expect(error.code).toBe('unauthorized');
    expect(JSON.stringify(error) + error.message).not.toContain('once_live_wrong');
  });

  test('a result over 64 KiB is given once, and told as not kept from then on', async () => {
    const large = 'x'.repeat(70_000);
    expect((await setting.once('j', 'k', () => large)).value).toBe(large);
    expect(await refusalOf(setting.once('j', 'k', () => 'again'))).toMatchObject({
      code: 'no_result',
      doneAt: expect.any(Date),
    });
  });

  test('a result that is no JSON is refused with its path, and the work is not repeated', async () => {
    const value = { items: [{ at: new Date(0) }] };
    const error = await refusalOf(setting.once('j', 'k', () => value));
    expect(error).toMatchObject({
      code: 'not_json',
      value,
      message: expect.stringContaining('“result.items[0].at” is a Date'),
    });
    const work = jest.fn(() => 1);
    expect(await refusalOf(setting.once('j', 'k', work))).toMatchObject({ code: 'no_result' });
    expect(work).not.toHaveBeenCalled();
  });
});

describe('in memory, on a time of its own', () => {
  test('the lease is extended as long as the work runs', async () => {
    const { once, advance } = testOnce();
    const long = longWork<string>();
    const run = once('j', 'k', long.work, { holdFor: '1m' });
    const { signal } = await long.begun;
    await advance('1h');
    expect(signal.aborted).toBe(false);
    expect(await refusalOf(once('j', 'k', () => 'second', { wait: 0 }))).toMatchObject({
      code: 'in_progress',
    });
    long.resolve('first');
    expect(await run).toMatchObject({ value: 'first' });
  });

  test('where it cannot be extended up to its end, the signal aborts, and what the work throws then is lease_lost', async () => {
    const { once, advance, loseAnswer } = testOnce();
    const work = ({ signal }: { readonly signal: AbortSignal }) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(signal.reason as Error);
        });
      });
    const run = refusalOf(once('j', 'k', work, { holdFor: '1m' }));
    loseAnswer('extend', Infinity);
    await advance('2m');
    expect(await run).toMatchObject({ code: 'lease_lost', key: 'j:k' });
  });

  test('an attempt that dies is taken over after its lease, and not before', async () => {
    const { once, advance, crash } = testOnce();
    const long = longWork<number>();
    const first = once('j', 'k', long.work, { holdFor: '10m' });
    await long.begun;
    crash();
    await expect(first).rejects.toThrow('died');
    expect(await refusalOf(once('j', 'k', () => 2, { wait: 0 }))).toMatchObject({ code: 'in_progress' });
    await advance(10 * MINUTE);
    expect(await once('j', 'k', () => 2)).toMatchObject({ value: 2, attempt: 2 });
    // Whatever the dead one comes to, nobody hears of it.
    long.resolve(1);
    expect(await once('j', 'k', () => 3)).toMatchObject({ value: 2, replayed: true });
  });

  test('a completion of which nothing is ever heard is unconfirmed, with what the work returned', async () => {
    const { once, advance, loseAnswer } = testOnce();
    loseAnswer('complete', Infinity);
    expect(await refusalOf(once('j', 'k', () => 'done'))).toMatchObject({
      code: 'unconfirmed',
      value: 'done',
    });
    loseAnswer('complete', 0);
    await advance('1h');
    expect(await once('j', 'k', () => 'again')).toMatchObject({ value: 'done', replayed: true });
  });

  test.each([500, '250ms', '1s'] as const)('a wait of %s is one, and not none', async (wait) => {
    const { once } = testOnce();
    const long = longWork<string>();
    const first = once('j', 'k', long.work);
    await long.begun;
    const second = once('j', 'k', () => 'second', { wait });
    long.resolve('first');
    expect(await Promise.all([first, second])).toMatchObject([{ replayed: false }, { replayed: true }]);
  });

  test('one that waits is told as soon as the other has ended', async () => {
    const { once } = testOnce();
    const long = longWork<string>();
    const first = once('j', 'k', long.work);
    await long.begun;
    const second = once('j', 'k', () => 'second');
    long.resolve('first');
    expect(await Promise.all([first, second])).toMatchObject([
      { value: 'first' },
      { value: 'first', replayed: true },
    ]);
  });
});
