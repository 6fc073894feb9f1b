import { deriveKeys, type Derived } from '../../src/sources/derive.ts';
import { toolCallKey } from '../../src/sources/key.ts';

/** Content is compared as content, however it was written. */

const derive = (payload: unknown, headers: object = {}): Derived => {
  const result = deriveKeys({ payload, headers });
  if ('field' in result) throw new Error(result.message);
  return result;
};
const keyOf = (payload: unknown, headers: object = {}): string => derive(payload, headers).keys[0].key;

const multipart = (boundary: string, name: string, file = 'a,b\r\n1,2'): string =>
  [
    ...[`--${boundary}`, 'Content-Disposition: form-data; name="name"', '', name],
    ...[`--${boundary}`, 'Content-Disposition: form-data; name="file"; filename="a.csv"'],
    ...['Content-Type: text/csv', '', file, `--${boundary}--`, ''],
  ].join('\r\n');
const typeOf = (boundary: string) => ({ 'Content-Type': `multipart/form-data; boundary=${boundary}` });

test('a multipart form is its parts: its boundary is none of them, a file is', () => {
  const key = keyOf(multipart('----a1', 'Ada'), typeOf('----a1'));
  expect(keyOf(multipart('----b2', 'Ada'), typeOf('----b2'))).toBe(key);
  expect(keyOf(multipart('----b2', 'Ada'))).toBe(key);
  expect(keyOf(multipart('----a1', 'Bob'), typeOf('----a1'))).not.toBe(key);
  expect(keyOf(multipart('----a1', 'Ada', 'a,b\r\n1,3'), typeOf('----a1'))).not.toBe(key);
  const named = deriveKeys({ payload: multipart('x', 'Ada') }, { fields: ['name', 'file.filename'] });
  expect(named).toEqual(
    deriveKeys(
      { payload: { name: 'Ada', file: { filename: 'a.csv' } } },
      { fields: ['name', 'file.filename'] },
    ),
  );
});

test.each([['--'], ['--a\r\n'], ['--a\r\nx\r\n--a--'], [`--a\r\n${'-'.repeat(1_000)}`]])(
  'what only looks like multipart (%j) is text',
  (payload) => {
    expect(keyOf(payload)).not.toBe(keyOf(`${payload}.`));
  },
);

test('a byte-order mark is no content, and hides no sender', () => {
  expect(keyOf('\uFEFF{"id":1}')).toBe(keyOf('{"id":1}'));
  expect(derive('\uFEFF{"id":"evt_1","object":"event"}')).toMatchObject({
    source: 'stripe',
    keys: [{ key: 'evt_1' }],
  });
});

test('XML is text, white space included', () => {
  expect(keyOf('<a><b/></a>')).not.toBe(keyOf('<a> <b/></a>'));
});

test('all digits of a number count, and no more than those', () => {
  const body = (total: string): string => `{"total":${total}}`;
  for (const [one, other] of [
    ['0.12345678901234567891', '0.12345678901234567892'],
    ['9007199254740993001', '9007199254740993002'],
    ['1e-400', '2e-400'],
    ['123456789012345678901234567890.5', '123456789012345678901234567890.6'],
  ] as const) {
    expect(keyOf(body(one))).not.toBe(keyOf(body(other)));
  }
  for (const [one, other] of [
    ['1.50', '1.5'],
    ['100', '1e2'],
    ['0.12345678901234567890', '0.1234567890123456789'],
    ['-0.0', '0'],
    ['9007199254740993001.0', '9007199254740993001'],
    ['1e21', '1000000000000000000000'],
  ] as const) {
    expect(keyOf(body(one))).toBe(keyOf(body(other)));
  }
});

test('halves of characters differ where they differ', () => {
  expect(keyOf('{"text":"a\\ud83d"}')).not.toBe(keyOf('{"text":"a\\ud83e"}'));
});

test.each<[string, unknown, string]>([
  ['a number beyond a double', '{"items":[{"a":1e400}]}', 'items.0.a'],
  ['not a number', { total: Number.NaN }, 'total'],
  ['a function', { list: [1, () => 1] }, 'list.1'],
  ['an integer of any size', { n: 1n }, 'n'],
])('%s is a fault that names its place', (_, payload, place) => {
  expect(deriveKeys({ payload })).toMatchObject({
    field: 'payload',
    message: expect.stringContaining(`“${place}”`),
  });
});

test('a date is what it says as JSON', () => {
  const at = new Date('2026-11-25T09:00:00Z');
  expect(keyOf({ at })).toBe(keyOf({ at: '2026-11-25T09:00:00.000Z' }));
});

test('what looks like an id of the delivery makes two keys of two events', () => {
  const pairs: readonly (readonly [object, object])[] = [
    [
      { requestId: 'REQ-104', decision: 'approved' },
      { requestId: 'REQ-105', decision: 'approved' },
    ],
    [
      { delivery_id: 1, status: 'sent' },
      { delivery_id: 2, status: 'sent' },
    ],
    [
      { attempt: 1, quiz: 5 },
      { attempt: 2, quiz: 5 },
    ],
    [
      { namedValues: { Ok: ['Yes'] }, timestamp: 1 },
      { namedValues: { Ok: ['Yes'] }, timestamp: 2 },
    ],
    [
      { sensor: 'door', timestamp: 1 },
      { sensor: 'door', timestamp: 2 },
    ],
  ];
  for (const [one, other] of pairs) expect(keyOf(one)).not.toBe(keyOf(other));
});

test('an Idempotency-Key of a sender that nobody knows is a proxy’s, and no identity', () => {
  const headers = (key: string) => ({ 'Idempotency-Key': key });
  expect(keyOf({ id: 1 }, headers('a'))).toBe(keyOf({ id: 1 }, headers('b')));
});

test('run and tool of a tool call do not run into each other', () => {
  expect(toolCallKey('a:b', 'c', {})).not.toBe(toolCallKey('a', 'b:c', {}));
  expect(toolCallKey('a%3Ab', 'c', {})).not.toBe(toolCallKey('a:b', 'c', {}));
});
