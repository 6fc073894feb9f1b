import { idempotencyKey as onExpress } from '../src/express.ts';
import { onceTools } from '../src/ai.ts';
import { OnceOnlyError, onceOnly } from '../src/index.ts';
import { testOnce } from '../src/testing/index.ts';
import { idempotencyKey as onWeb } from '../src/web.ts';

/* What a program without types may pass. Each is refused where it is passed, and by its name: it would count for nothing. */

const { once, loseAnswer } = testOnce();
const work = () => 1;
const handler = () => new Response('done');
const scope = 'everyone';

function nameOf(call: () => unknown): string | undefined {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(OnceOnlyError);
    const { code, message } = error as OnceOnlyError;
    expect(code).toBe('invalid');
    return /^“(\w+)” .*Nothing was done\.$/s.exec(message)?.[1];
  }
  return undefined;
}
/** Passes values that no type allows. */
const call = (callee: unknown, ...given: readonly unknown[]): unknown =>
  (callee as (...all: readonly unknown[]) => unknown)(...given);

test.each([
  [undefined, 'options'],
  [null, 'options'],
  ['sqlite:claims.db', 'options'],
  [{ store: 'sqlite:claims.db', stores: 1 }, 'stores'],
  [{ store: 'sqlite:claims.db', fetch }, 'store'],
  [{ url: 'https://x', apiKey: 'k', timeout: 1 }, 'timeout'],
  [{ url: 'https://x', apiKey: 'k', fetch: 1 }, 'fetch'],
])('onceOnly(%j): %s', (options, name) => {
  expect(nameOf(() => call(onceOnly, options))).toBe(name);
});

test.each([
  [null, 'options'],
  [600, 'options'],
  ['10m', 'options'],
  [[], 'options'],
  [{ holdfor: '10m' }, 'holdfor'],
])('once(…, %j): %s', async (options, name) => {
  const refused = await Promise.resolve(call(once, 'j', 'k', work, options)).catch((error: unknown) => error);
  expect(
    nameOf(() => {
      throw refused as Error;
    }),
  ).toBe(name);
});

test.each([undefined, null, {}, 1])('work that is %j is refused by the double, too', async (given) => {
  await expect(call(once, 'j', 'k', given)).rejects.toThrow('“work”');
});

const key = () => 'k';
test.each([
  [['j', work], 'options'],
  [['j', work, { key: 'k' }], 'key'],
  [['j', work, { key, holdFor: 'long' }], 'holdFor'],
  [['j', work, { key, keys: 1 }], 'keys'],
  [['a:b', work, { key }], 'job'],
  [['j', {}, { key }], 'work'],
])('once.wrap(…%j): %s', (given, name) => {
  expect(nameOf(() => call(once.wrap, ...given))).toBe(name);
});

test.each([
  [[fetch], 'options'],
  [[fetch, {}], 'key'],
  [[fetch, { key: '' }], 'key'],
  [[fetch, { key, verify: work }], 'verify'],
  [[fetch, { key, job: 'a:b' }], 'job'],
  [[undefined, { key }], 'fetch'],
])('once.fetch(…%j): %s', (given, name) => {
  expect(nameOf(() => call(once.fetch, ...given))).toBe(name);
});

const OF_AN_API: readonly (readonly [unknown, string])[] = [
  [undefined, 'options'],
  [{}, 'scope'],
  [{ scope: '' }, 'scope'],
  [{ scope: 'user' }, 'scope'],
  [{ scope, methods: 'POST' }, 'methods'],
  [{ scope, methods: ['post'] }, 'methods'],
  [{ scope, methods: [] }, 'methods'],
  [{ scope, required: 'false' }, 'required'],
  [{ scope, strict: 1 }, 'strict'],
  [{ scope, fingerprint: 'body' }, 'fingerprint'],
  [{ scope, documentation: '' }, 'documentation'],
  [{ scope, report: {} }, 'report'],
  [{ scope, job: 'a:b' }, 'job'],
  [{ scope, wait: 'long' }, 'wait'],
  [{ scope, verify: work }, 'verify'],
  [{ scope, user: 1 }, 'user'],
];
test.each(OF_AN_API)('idempotencyKey(…, %j): %s', (options, name) => {
  expect(nameOf(() => call(onExpress, once, options))).toBe(name);
  expect(nameOf(() => call(onWeb, once, handler, options))).toBe(name);
});

test.each([
  [undefined, 'options'],
  [{ scope: 's', holdFor: 1 }, 'holdFor'],
  [{ scope: 's', verify: work }, 'verify'],
  [{ scope: 's', fingerprint: 1 }, 'fingerprint'],
])('onceTools(…, %j): %s', (options, name) => {
  expect(nameOf(() => call(onceTools, once, {}, options))).toBe(name);
});

test.each([
  [testOnce, { startsAt: new Date(0) }, 'startsAt'],
  [testOnce, { startAt: 0 }, 'startAt'],
  [loseAnswer, 'lease', 'of'],
])('%p(%j): %s', (callee, given, name) => {
  expect(nameOf(() => call(callee, given))).toBe(name);
});

test('what is set to undefined is not set', () => {
  expect(
    nameOf(() => call(onExpress, once, { scope, methods: undefined, holdFor: undefined })),
  ).toBeUndefined();
  expect(
    nameOf(() => call(once.fetch, fetch, { key: 'k', wait: undefined, job: undefined })),
  ).toBeUndefined();
});
