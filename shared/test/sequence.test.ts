import { compareSequences, fractionOf, readSequence, shownSequence } from '../src/sequence.ts';

test.each([
  ['42', 'n42'],
  [42, 'n42'],
  ['007', 'n7'],
  ['1.50', 'n1.5'],
  ['-0', 'n0'],
  ['-3.25', 'n-3.25'],
  ['+5', 'n5'],
  ['123456789012345678901234567890', 'n123456789012345678901234567890'],
  ['2026-11-29', 'd1795910400'],
  ['2026-11-29T08:12:29Z', 'd1795939949'],
  ['2026-11-29T08:12:29.999Z', 'd1795939949'],
  ['2026-11-29 09:12:29+01:00', 'd1795939949'],
  ['2026-11-29T09:12:29+0100', 'd1795939949'],
  [' 2026-11-29T08:12 ', 'd1795939920'],
])('%p is read as %s', (value, sequence) => {
  expect(readSequence(value)).toBe(sequence);
});

test.each([
  ...['', 'v7', '1e5', '1,5', '29/11/2026', '11/29/2026', 'Sun, 29 Nov 2026 08:12:29 GMT', '2026-02-31'],
  ...[
    '2026-13-01',
    '2026-11-29T25:00:00Z',
    '2026-11-29T08',
    true,
    null,
    undefined,
    NaN,
    Infinity,
    2 ** 53,
    1e300,
  ],
])('%p cannot be told for sure, and is read as nothing', (value) => {
  expect(readSequence(value)).toBeNull();
});

test('what was read reads the same again as it is shown', () => {
  for (const sequence of ['n42', 'n-3.25', 'd1795939949']) {
    expect(readSequence(shownSequence(sequence))).toBe(sequence);
  }
});

test.each([
  ['n9', 'n10', -1],
  ['n-10', 'n-9', -1],
  ['n1.5', 'n1.25', 1],
  ['n123456789012345678901', 'n123456789012345678900', 1],
  ['n2', 'n2', 0],
  ['d1795939949', 'd1795939950', -1],
])('%s beside %s is %p', (one, other, order) => {
  expect(compareSequences(one, other)).toBe(order);
  expect(compareSequences(other, one)).toBe(order === 0 ? 0 : -order);
});

test('a number and a date are not held against each other', () => {
  expect(compareSequences('n1795939949', 'd1795939949')).toBeNull();
});

test.each([
  ['2026-11-29T08:12:29.250Z', '.25'],
  ['2026-11-29T08:12:29.000Z', ''],
  ['2026-11-29T08:12:29Z', ''],
  ['7', ''],
])('the fraction of %s is %p', (value, fraction) => {
  expect(fractionOf(value)).toBe(fraction);
});
