import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { openWorld } from '../world.ts';
import { counting, folder, startGuard, type Guarded, type GuardStart } from './guard.ts';

/** Most tests share a guard, and call its tools with other arguments. */
const shared = counting();
let guard: Guarded;
let before = 0;
const guards: Guarded[] = [];
beforeAll(async () => {
  guard = await startGuard({ options: ownStore(), command: shared.command });
});
afterAll(() => guard.close());
beforeEach(() => {
  before = shared.lines().length;
});
afterEach(() => Promise.all(guards.splice(0).map((each) => each.close())));

/** What was called since the test began. */
const made = (): readonly string[] => calls(shared.lines().slice(before));

async function guarded(start: GuardStart): Promise<Guarded> {
  const started = await startGuard(start);
  guards.push(started);
  return started;
}

function ownStore(): readonly string[] {
  return ['--store', `sqlite:${join(folder(), 'guard.db')}`];
}

const calls = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => !line.startsWith('pid'));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

test('the second of two identical calls gets the result of the first, and is told how to repeat it', async () => {
  const first = await guard.call('pay', { to: 'Ada', more: { a: 1, b: [2] } });
  expect(first).toEqual({ texts: ['done pay Ada'], isError: false, meta: {} });

  const second = await guard.call('pay', { more: { b: [2], a: 1 }, to: 'Ada' });
  expect(second.isError).toBe(false);
  expect(second.texts[0]).toBe('done pay Ada');
  expect(second.texts[1]).toMatch(
    /^OnceOnly: this call was made at 20\d\d-.* UTC\. .*onceonly_occurrence: 2\.$/,
  );
  expect(second.meta['onceonly/replay']).toEqual({ firstAt: expect.any(String) as string });
  expect(made()).toEqual(['pay Ada']);

  await guard.call('pay', { to: 'Ada', more: { a: 1, b: [2] }, onceonly_occurrence: 2 });
  await guard.call('pay', { to: 'Ada', more: { a: 1, b: [2] }, onceonly_occurrence: 2 });
  await guard.call('pay', { to: 'Ada', more: { a: 1, b: [3] } });
  expect(made()).toEqual(['pay Ada', 'pay Ada', 'pay Ada']);
});

test('what a tool says of itself decides whether it is guarded, and people may decide otherwise', async () => {
  const { tools } = await guard.client.listTools();
  const occurrence = tools.filter(
    ({ inputSchema }) => 'onceonly_occurrence' in (inputSchema.properties ?? {}),
  );
  expect(occurrence.map(({ name }) => name)).toEqual(['pay', 'refuse', 'die', 'slow', 'large', 'report']);
  for (const tool of ['look', 'put']) {
    await guard.call(tool);
    await guard.call(tool);
  }
  expect(made()).toEqual(['look', 'look', 'put', 'put']);

  const other = counting();
  const chosen = await guarded({
    options: [...ownStore(), '--only', 'put,pay', '--except', 'pay'],
    command: other.command,
  });
  await chosen.call('put');
  await chosen.call('put');
  await chosen.call('pay', { to: 'Ada' });
  await chosen.call('pay', { to: 'Ada' });
  expect(calls(other.lines())).toEqual(['put', 'pay Ada', 'pay Ada']);
});

test('two servers that call themselves the same are two, also in one scope', async () => {
  const options = [...ownStore(), '--scope', 'task-7'];
  const both = [counting(), counting()];
  for (const { command, lines } of both) {
    await (await guarded({ options, command })).call('pay', { to: 'Ada' });
    expect(calls(lines())).toEqual(['pay Ada']);
  }
});

test("a tool's error may be repeated", async () => {
  expect(await guard.call('refuse')).toMatchObject({ texts: ['done refuse'], isError: true });
  expect(await guard.call('refuse')).toMatchObject({ texts: ['done refuse'], isError: true });
  expect(made()).toEqual(['refuse', 'refuse']);
});

test('a result that is too large to be kept is not made again', async () => {
  expect((await guard.call('large')).texts[0]).toHaveLength(100_000);
  const again = await guard.call('large');
  expect(again).toMatchObject({ isError: false });
  expect(again.texts.join()).toContain('it worked');
  expect(made()).toEqual(['large']);
});

test('nor is one whose content clients hold to a schema, though without it they take an error only', async () => {
  await guard.client.listTools();
  expect(await guard.call('report')).toMatchObject({ isError: false });
  expect(await guard.call('report')).toMatchObject({
    isError: true,
    texts: [expect.stringMatching(/it worked\. Nothing was done now\./)],
  });
  expect(made()).toEqual(['report']);
});

test('a call that is made while the first is under way waits for it', async () => {
  const both = [guard.call('slow'), guard.call('slow')];
  await until(() => made().includes('slow begun'));
  const pid = Number(shared.lines()[0]?.slice('pid '.length));
  process.kill(pid, 'SIGUSR2');
  const [first, second] = await Promise.all(both);
  expect([first?.texts[0], second?.texts[0]]).toEqual(['done slow', 'done slow']);
  expect([first, second].filter((said) => said?.texts.length === 2)).toHaveLength(1);
  expect(made()).toEqual(['slow begun', 'slow']);
});

test('a call whose outcome nobody knows is refused with what to look at, unless it is said to be meant again', async () => {
  const { command, lines } = counting();
  const options = [...ownStore(), '--scope', 'task-7'];
  const guard = await guarded({ options, command });
  expect(await guard.call('die')).toMatchObject({
    isError: true,
    texts: [expect.stringContaining('nobody knows whether it was done')],
  });
  // The server ended, and the guard with it: a client starts it anew.
  const next = await guarded({ options, command });
  const said = await next.call('die');
  expect(said.isError).toBe(true);
  expect(said.texts[0]).toMatch(
    /begun at 20.*, because no answer came\. It was not made again\. Look at what “die” should have changed\..* onceonly_occurrence: 2\.$/,
  );
  expect(calls(lines())).toEqual(['die']);
});

test('such a call is made again where a person chose that', async () => {
  const { command, lines } = counting();
  const options = [...ownStore(), '--scope', 'task-7', '--if-unknown', 'repeat'];
  for (let time = 1; time <= 2; time += 1) await (await guarded({ options, command })).call('die');
  expect(calls(lines())).toEqual(['die', 'die']);
});

test('where OnceOnly cannot be reached, no call is made, unless a person chose otherwise', async () => {
  const { command, lines } = counting();
  const world = await openWorld();
  const env = { ONCEONLY_URL: world.baseUrl, ONCEONLY_API_KEY: world.apiKey };
  const closed = await guarded({ options: ['--scope', 's'], command, env });
  const open = await guarded({ options: ['--scope', 's', '--fail-open'], command, env });
  await closed.call('pay', { to: 'Ada' });
  expect((await open.call('pay', { to: 'Ada' })).texts).toHaveLength(2);
  await world.close();
  const [refused, unguarded] = await Promise.all([
    closed.call('pay', { to: 'Bob' }),
    open.call('pay', { to: 'Cyd' }),
  ]);
  expect(refused).toMatchObject({ isError: true, texts: [expect.stringContaining('the call was not made')] });
  expect(unguarded).toMatchObject({ isError: false });
  expect(calls(lines())).toEqual(['pay Ada', 'pay Cyd']);
});

test('an occurrence that is none is refused, and nothing is called', async () => {
  expect(await guard.call('pay', { to: 'Ada', onceonly_occurrence: 0 })).toMatchObject({
    isError: true,
    texts: [expect.stringContaining('onceonly_occurrence must be a whole number')],
  });
  expect(made()).toEqual([]);
});
