import fc from 'fast-check';
import { isTooDeep } from '../../shared/src/json.ts';
import { fromResult, toResult, whyNotJson } from '../src/result-json.ts';

class Order {
  readonly id = 1;
}
class Rows extends Array<number> {}
const circle: Record<string, unknown> = {};
circle['of'] = { itself: circle };

const NOT_JSON: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['a Date', new Date(0)],
  ['a Map', new Map()],
  ['a BigInt', 1n],
  ['NaN', NaN],
  ['-Infinity', -Infinity],
  ['a function', () => 1],
  ['a symbol', Symbol('s')],
  ['an Order', new Order()],
  ['a Rows', Rows.from([1])],
  ['an Error', new Error('e')],
  ['a Uint8Array', new Uint8Array(1)],
  ['a Promise', Promise.resolve()],
];

test.each(NOT_JSON)('%s is refused, and named', (what, value) => {
  expect(whyNotJson(value)).toEqual({ path: '', what });
  expect(whyNotJson({ a: [0, { 'b-c': value }] })).toEqual({ path: '.a[1]["b-c"]', what });
});

test('a hole in a list, a member named by a symbol and a circle are refused where they are', () => {
  const withHole: number[] = [1];
  withHole[2] = 2;
  expect(whyNotJson(withHole)).toEqual({ path: '[1]', what: 'undefined' });
  expect(whyNotJson({ a: { [Symbol('s')]: 1 } })).toMatchObject({ path: '.a' });
  expect(whyNotJson(circle)).toMatchObject({ path: '.of.itself', what: expect.stringContaining('circle') });
});

test('a list with further members, as of a regular expression, is refused: they would be dropped', () => {
  expect(whyNotJson({ found: /b/.exec('abc') })).toEqual({
    path: '.found',
    what: 'a list that also has the member “index”',
  });
  expect(whyNotJson(Object.assign([1], { 1.5: 2 }))).toMatchObject({
    what: expect.stringContaining('“1.5”'),
  });
});

test('what writes itself in another way is refused', () => {
  const toJSON = { value: () => 'another' };
  expect(whyNotJson([Object.defineProperty({ a: 1 }, 'toJSON', toJSON)])).toMatchObject({
    path: '[0].toJSON',
    what: 'a function',
  });
  expect(whyNotJson(Object.defineProperty([1], 'toJSON', toJSON))).toMatchObject({ path: '.toJSON' });
});

/** A list within a list, on so many levels. */
const nested = (levels: number): unknown =>
  Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 1);

test('what is nested deeper than any service keeps is refused, however deep it is', () => {
  expect(whyNotJson(nested(499))).toBeUndefined();
  expect(isTooDeep(toResult(nested(499)))).toBe(false);
  for (const levels of [500, 501, 100_000])
    expect(whyNotJson(nested(levels))).toEqual({ path: '', what: 'nested on more than 500 levels' });
});

test('a member that throws when it is read is refused', () => {
  const value = {
    get lazy(): never {
      throw new Error('not loaded');
    },
  };
  expect(whyNotJson([value])).toMatchObject({ what: expect.stringContaining('throws') });
});

test.each([{ truncated: true }, { onceonly: 'result_not_json' }, { value: 1 }])(
  'a result of %j is none that was not kept',
  (value) => {
    expect(fromResult(toResult(value))).toEqual({ kept: true, value });
  },
);

test('the same object twice is no circle, and one without a prototype is one like any other', () => {
  const shared = { a: 1 };
  expect(
    whyNotJson([
      ...[shared, shared, Object.assign(Object.create(null) as object, { b: 2 })],
      Object.setPrototypeOf([1], null),
    ]),
  ).toBeUndefined();
});

/** JSON, and a path to somewhere in it. */
const json = fc.jsonValue({ maxDepth: 4 });

test('whatever JSON says is taken, and comes back as it was', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(whyNotJson(value)).toBeUndefined();
      const sent: unknown = JSON.parse(JSON.stringify(toResult(value)));
      expect(fromResult(sent)).toEqual({ kept: true, value: JSON.parse(JSON.stringify(value)) });
    }),
  );
});

test('what JSON cannot say is refused with the path that leads to it', () => {
  const steps = fc.array(fc.oneof(fc.string(), fc.nat({ max: 3 })), { maxLength: 5 });
  fc.assert(
    fc.property(steps, fc.constantFrom(...NOT_JSON), json, (path, [what, bad], beside) => {
      const whole = path.reduceRight<unknown>(
        (inner, step) =>
          typeof step === 'number'
            ? [...Array.from({ length: step }, () => beside), inner]
            : Object.fromEntries([[step, inner]]),
        bad,
      );
      const found = whyNotJson(whole);
      expect(found?.what).toBe(what);
      // Read as a program reads it, the path leads to the very value.
      // eslint-disable-next-line @typescript-eslint/no-implied-eval
      const follow = new Function('whole', `return whole${found?.path ?? ''}`) as (of: unknown) => unknown;
      expect(Object.is(follow(whole), bad)).toBe(true);
    }),
  );
});
