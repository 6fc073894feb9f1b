import { NAMES_SOMETHING, whyKeyNamesNothing, whyNamesNothing } from '../src/names-nothing.ts';

test.each([
  ...['', ' ', '   ', '\t\n', '\u00a0', '\u200b', '\u3000', '-', ':', '::', '-:-', '|', '#', '…', '«»', '。'],
  ...[
    '{{1.id}}',
    '{{ $json.body.id }}',
    '{{123__id}}',
    'order-{{1.id}}',
    '{{a}}\n',
    '[object Object]',
    'a:[object Object]',
  ],
])('%j names nothing', (text) => {
  expect(whyNamesNothing(text)).toMatch(/ share one key\.$/);
  expect(new RegExp(NAMES_SOMETHING).test(text)).toBe(false);
});

test.each([
  ...['0', 'a', '-1', 'é', 'ß', 'ª', '²', '½', '№ 7', 'Ж', '注文', '々', 'अ', '١', 'ｱ', '🎈', '🇩🇪', '€5'],
  ...['order-', '-order', 'a{{', '{a}', 'object Object', 'NULL', 'x'.repeat(256)],
])('%j names something', (text) => {
  expect(whyNamesNothing(text)).toBeNull();
  expect(new RegExp(NAMES_SOMETHING).test(text)).toBe(true);
});

test('no letter, number or picture of Unicode counts as nothing', () => {
  const all = Array.from({ length: 0x11_0000 }, (_, code) => String.fromCodePoint(code));
  const meant = all.filter((each) => /[\p{L}\p{N}\p{So}]/u.test(each));
  expect(meant.length).toBeGreaterThan(100_000);
  expect(meant.filter((each) => whyNamesNothing(each) !== null)).toEqual([]);
});

test.each([
  ['orders:', 'key'],
  ['orders: - ', 'key'],
  [':evt_1', 'job'],
  [' :evt_1', 'job'],
  ['{{1.job}}:evt_1', 'job'],
  ['orders:{{1.id}}', 'key'],
  ['-', 'key'],
])('of %j, the part that names nothing is told', (key, part) => {
  expect(whyKeyNamesNothing(key)).toMatchObject({ part });
});

test.each(['evt_1', 'orders:evt_1', 'orders::evt_1', 'a:b:c', 'https://example.com/1'])(
  '%j is a key',
  (key) => {
    expect(whyKeyNamesNothing(key)).toBeNull();
  },
);
