import { notDone } from '../src/index.ts';
import { longWork, refusalOf, useSetting } from './setting.ts';

const setting = useSetting(undefined, { hostedOnly: {} });

test('work is done once, in two requests, and its result is fetched for a replay', async () => {
  const { once, requests } = setting;
  expect(await once('j', 'k', () => [1])).toMatchObject({ value: [1], replayed: false, attempt: null });
  expect(requests).toEqual(['POST /v1/ai/lease', 'POST /v1/ai/complete']);
  expect(await once('j', 'k', () => [2])).toMatchObject({ value: [1], replayed: true });
  expect(requests.slice(2)).toEqual(['POST /v1/ai/lease', 'GET /v1/ai/result']);
});

test.each([
  ['remember', { remember: '30d' }],
  ['ifDied', { ifDied: 'ask' }],
  ['attempts', { attempts: 3 }],
  ['fingerprint', { fingerprint: 1 }],
] as const)(
  '%s, which it would pass over, is refused; nothing is done, and the key stays free',
  async (name, options) => {
    const { once, requests } = setting;
    const work = jest.fn(() => 'done');
    const error = await refusalOf(once('j', 'k', work, options));
    expect(error).toMatchObject({ code: 'needs_own_server', message: expect.stringContaining(name) });
    // Once it is known, nothing is sent.
    const sent = requests.length;
    await refusalOf(once('j', 'k', work, options));
    expect(requests).toHaveLength(sent);
    expect(work).not.toHaveBeenCalled();
    expect(await once('j', 'k', work)).toMatchObject({ value: 'done', replayed: false });
  },
);

test('an error of the work frees the key, and verify is asked since attempts are not counted', async () => {
  const { once } = setting;
  const keys: string[] = [];
  const failing = once('j', 'k', ({ idempotencyKey }) => {
    keys.push(idempotencyKey);
    throw new Error('down');
  });
  await expect(failing).rejects.toThrow('down');
  const verify = jest.fn(() => notDone);
  await once('j', 'k', ({ idempotencyKey }) => void keys.push(idempotencyKey), { verify });
  expect(verify).toHaveBeenCalledTimes(1);
  expect(keys[0]).toBe(keys[1]);
});

test('a claim whose answer was lost is told as such, and never as the work of another', async () => {
  let lose = true;
  setting.through(async (send, path) => {
    const response = await send();
    if (path !== '/v1/ai/lease' || !lose) return response;
    lose = false;
    throw new TypeError('fetch failed');
  });
  const error = await refusalOf(setting.once('j', 'k', () => 1, { wait: 0 }));
  expect(error).toMatchObject({ code: 'no_answer', message: expect.stringContaining('Nobody knows') });
});

test('while another attempt is at work, it is in_progress', async () => {
  const { once } = setting;
  const long = longWork<number>();
  const first = once('j', 'k', long.work);
  await long.begun;
  expect(await refusalOf(once('j', 'k', () => 2, { wait: 0 }))).toMatchObject({ code: 'in_progress' });
  long.resolve(1);
  await first;
});
