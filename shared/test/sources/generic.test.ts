import fc from 'fast-check';
import { deriveKeys, type Derived } from '../../src/sources/derive.ts';

const derive = (payload: unknown, fields?: readonly string[], leaveOut?: readonly string[]): Derived => {
  const result = deriveKeys({ payload }, { source: 'generic', fields, leaveOut });
  if ('field' in result) throw new Error(result.message);
  return result;
};
const keyOf = (payload: unknown, fields?: readonly string[]): string => derive(payload, fields).keys[0].key;

/** An object as senders send it: whatever members, one of them with something in it. */
const bodies = fc
  .tuple(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 6 }), fc.integer())
  .map(([members, id]): Readonly<Record<string, unknown>> => ({ ...members, id }));

/** The same value, written by another hand: members in another order, other white space, numbers in another form. */
function written(value: unknown, space: string): string {
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? `${String(value)}.0` : value.toExponential();
  if (Array.isArray(value)) return `[${value.map((each) => space + written(each, space)).join(',')}${space}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).reverse();
  return `{${members.map(([name, each]) => `${space}${JSON.stringify(name)}${space}:${written(each, space)}`).join(',')}${space}}`;
}

test('order of members, white space and forms of numbers make no difference', () => {
  fc.assert(
    fc.property(bodies, fc.constantFrom('', ' ', '\n\t', '\r\n  '), (body, space) => {
      const [plain, other] = [JSON.stringify(body), written(body, space)];
      fc.pre(JSON.stringify(JSON.parse(plain)) === JSON.stringify(body));
      expect(keyOf(other)).toBe(keyOf(plain));
      expect(derive(other).keys).toEqual(derive(plain).keys);
    }),
  );
});

test('a member that is changed, added or left out makes another event', () => {
  fc.assert(
    fc.property(bodies, fc.jsonValue({ maxDepth: 2 }), (body, value) => {
      const key = keyOf(JSON.stringify(body));
      fc.pre(JSON.stringify(body['extra']) !== JSON.stringify(value));
      expect(keyOf(JSON.stringify({ ...body, extra: value }))).not.toBe(key);
      expect(keyOf(JSON.stringify({ ...body, id: Number(body['id']) + 1 }))).not.toBe(key);
      expect(keyOf(JSON.stringify({ ...body, id: String(body['id']) }))).not.toBe(key);
    }),
  );
});

test('nothing is left out by its name; what looks like a retry is warned of, and left out where it is named', () => {
  const names = ['timestamp', 'sent_at', 'deliveredAt', 'Attempt', 'retry-count', 'attempt_number'];
  fc.assert(
    fc.property(bodies, fc.constantFrom(...names), fc.integer(), (body, name, value) => {
      const changed = (more: number) =>
        JSON.stringify({ ...body, meta: { lines: [{ [name]: value + more }] } });
      const path = `meta.lines.${name}`;
      expect(keyOf(changed(1))).not.toBe(keyOf(changed(0)));
      expect(derive(changed(0)).warnings).toContain(path);
      const [one, other] = [0, 1].map((more) => derive(changed(more), undefined, [path]));
      expect(other).toEqual(one);
      expect(one).toMatchObject({ ignored: [path], madeFrom: expect.stringContaining(path) });
      expect(one?.warnings).not.toContain(path);
    }),
  );
});

test('what is left out by an index is of that element; what is not there is not said to be left out', () => {
  const body = { id: 1, lines: [{ at: 1 }, { at: 2 }] };
  const left = (path: string, second: number) =>
    derive({ ...body, lines: [{ at: 1 }, { at: second }] }, undefined, [path]);
  expect(left('lines.1.at', 3).keys).toEqual(left('lines.1.at', 4).keys);
  expect(left('lines.0.at', 3).keys).not.toEqual(left('lines.0.at', 4).keys);
  expect(left('lines.7.at', 3)).toMatchObject({ ignored: [], madeFrom: 'the whole content' });
  expect(deriveKeys({ payload: { at: 1 } }, { leaveOut: ['at'] })).toMatchObject({ field: 'leave_out' });
  expect(deriveKeys({ payload: { at: 1 } }, { source: 'stripe', leaveOut: ['at'] })).toMatchObject({
    field: 'leave_out',
    message:
      "leave_out works only where the content makes the key. With the source “Stripe”, the sender's own ID makes it. Leave the field empty, or choose “Another sender” (generic).",
  });
});

test('a chosen single value has one text, as a number or in quotation marks', () => {
  for (const [number, text] of [
    [42, '42'],
    [4.5, '4.5'],
    [true, 'true'],
    [1e21, '1000000000000000000000'],
  ]) {
    expect(keyOf({ id: number }, ['id'])).toBe(keyOf({ id: text }, ['id']));
  }
});

test('only the chosen fields count, and each of them does', () => {
  fc.assert(
    fc.property(bodies, fc.string({ minLength: 1 }), fc.integer(), (body, sku, more) => {
      fc.pre(sku.trim() !== '');
      const order = { ...body, order: { id: 7, lines: [{ sku }] } };
      const key = keyOf(order, ['order.id', 'order.lines.0.sku']);
      expect(keyOf({ ...order, timestamp: more, anything: more }, ['order.id', 'order.lines.0.sku'])).toBe(
        key,
      );
      expect(
        keyOf({ ...order, order: { id: 8, lines: [{ sku }] } }, ['order.id', 'order.lines.0.sku']),
      ).not.toBe(key);
      expect(
        keyOf({ ...order, order: { id: 7, lines: [{ sku: `${sku}!` }] } }, ['order.id', 'order.lines.0.sku']),
      ).not.toBe(key);
    }),
  );
});

test('a chosen time counts, and values do not run into each other', () => {
  expect(keyOf({ id: 1, timestamp: 5 }, ['id', 'timestamp'])).not.toBe(
    keyOf({ id: 1, timestamp: 6 }, ['id', 'timestamp']),
  );
  expect(keyOf({ a: 'x:y', b: 'z' }, ['a', 'b'])).not.toBe(keyOf({ a: 'x', b: 'y:z' }, ['a', 'b']));
  expect(keyOf({ 'order.id': 1, order: { id: 2 } }, ['order.id'])).toBe(
    keyOf({ 'order.id': 1 }, ['order.id']),
  );
});

test('ids of nineteen digits are told apart, though no number is', () => {
  const body = (id: string): string => `{"id":${id},"total":1.50}`;
  expect(keyOf(body('9007199254740993001'))).not.toBe(keyOf(body('9007199254740993002')));
  expect(keyOf(body('9007199254740993001'), ['id'])).not.toBe(keyOf(body('9007199254740993002'), ['id']));
  expect(keyOf(body('12'))).toBe(keyOf(body('12.0')));
});

test('half a character, as a cut leaves it, is no obstacle', () => {
  expect(keyOf('{"text":"abc\\ud83d"}')).toMatch(/^sha256-[0-9a-f]{64}$/);
  expect(keyOf('{"text":"abc\\ud83d"}')).not.toBe(keyOf('{"text":"abd\\ud83d"}'));
});

test.each([
  ['text', 'plain words'],
  ['a number', '5'],
  ['a list', '[1,2]'],
  ['a form', 'name=Ada&total=5'],
])('%s has a key too', (_, payload) => {
  expect(keyOf(payload)).toMatch(/^sha256-/);
});

test('a form is its fields, in any order', () => {
  expect(keyOf('name=Ada+L&total=5&tag=a&tag=b')).toBe(keyOf('total=5&tag=a&tag=b&name=Ada%20L'));
  expect(keyOf('name=Ada&total=5')).toBe(keyOf({ name: 'Ada', total: '5' }));
});

test.each([['{}'], ['[]'], ['""'], ['null'], [''], [' \n']])('%j tells nothing apart', (payload) => {
  expect(deriveKeys({ payload })).toMatchObject({ field: 'payload' });
});
