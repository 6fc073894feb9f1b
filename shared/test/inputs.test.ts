import { isOnceOnlyError } from '../src/errors.ts';
import { checkKey, readInputs } from '../src/inputs.ts';
import { operations } from '../src/operations/index.ts';
import type { PlatformName } from '../src/operations/operation.ts';

const read = (given: Record<string, unknown>, platform: PlatformName = 'node') => {
  const inputs = readInputs(operations.claimKey, { job: 'orders', key: 'e1', ...given }, platform);
  checkKey(inputs);
  return inputs;
};

function refusal(given: Record<string, unknown>): unknown {
  try {
    return read(given);
  } catch (error) {
    return isOnceOnlyError(error) ? [error.code, error.details.field, error.message] : error;
  }
}

test('says of what is just true or false that it is the same for many events', () => {
  expect(refusal({ key: true })).toEqual([
    'invalid_input',
    'key',
    expect.stringContaining(
      '“Key” must be text or a number, not just true: that is the same for many events.',
    ),
  ]);
});

test('fills in what the user left out, as the platform needs it', () => {
  expect(read({})).toMatchObject({
    on_duplicate: 'stop',
    while_in_progress: 'stop',
    hold_minutes: 60,
    remember_days: 7,
  });
  expect(read({}, 'zapier')).toMatchObject({ while_in_progress: 'retry_later', hold_minutes: 720 });
  expect(read({})).toMatchObject({ max_attempts: null, run_reference: null });
});

test('takes text for numbers, and numbers for text', () => {
  expect(read({ key: 4711, hold_minutes: '0.5', max_attempts: ' 3 ' })).toMatchObject({
    key: '4711',
    hold_minutes: 0.5,
    max_attempts: 3,
  });
});

test('trims what was typed, so that a stray blank makes no other key', () => {
  expect(read({ job: ' orders ', key: '\te1\n' })).toMatchObject({ job: 'orders', key: 'e1' });
});

test.each([
  ['yes', true],
  [true, true],
  ['False', false],
  ['', false],
])('reads %j as %j', (given, value) => {
  expect(readInputs(operations.completeKey, { claim_token: 't', reject_empty: given }, 'node')).toMatchObject(
    {
      reject_empty: value,
    },
  );
});

test('what a choice does not ask for counts as empty, whatever was entered there before', () => {
  const left = { headers: 'X: y', payload: '{}', fields: 'a', source: 'acme' };
  expect(read(left)).toMatchObject({ key: 'e1', headers: null, payload: null, fields: null, source: null });
  expect(read({ ...left, key_from: 'whole' })).toMatchObject({ key: null, payload: '{}', fields: null });
});

test.each([
  [{ signing_secret: 's' }, '“Signing Secret” is set, but'],
  [{ require_signature: 'true', key_from: 'whole', payload: {} }, '“Require a Valid Signature” is set, but'],
])('a check of signatures that would be passed over is refused: %j', (inputs, what) => {
  expect(() => read(inputs)).toThrow(what);
  expect(() => read({ ...inputs, signing_secret: ' ', require_signature: 'no' })).not.toThrow();
});

test.each([
  ['order.id\n line \n\n', ['order.id', 'line']],
  ['order.id, line', ['order.id', 'line']],
  [
    ['order.id', 7, ' '],
    ['order.id', '7'],
  ],
])('reads %j as a list of names', (fields, names) => {
  expect(read({ key_from: 'fields', payload: {}, fields })).toMatchObject({ fields: names });
});

test.each([
  [{ key_from: 'fields', payload: {}, fields: ' \n' }, 'fields', 'empty'],
  [{ key_from: 'fields', payload: {}, fields: [{}] }, 'fields', 'texts'],
  [{ key_from: 'fields', payload: {}, fields: 'x,'.repeat(21) }, 'fields', 'at most 20'],
  [{ key_from: 'whole' }, 'payload', 'empty'],
  [{ key_from: 'guess' }, 'key_from', 'value, detect, fields, whole'],
  [{ key: '' }, 'key', 'empty'],
  [{ key: '  ' }, 'key', 'empty'],
  [{ key: null }, 'key', 'empty'],
  [{ key: '-' }, 'key', '“Key” has no letter or digit in it'],
  [{ key: ' : ' }, 'key', 'no letter or digit'],
  [{ key: '{{1.id}}' }, 'key', '“Key” still has “{{” and “}}” in it'],
  [{ key: 'order-{{ $json.body.id }}' }, 'key', 'still has “{{” and “}}” in it'],
  [{ key: '{{123__id}}' }, 'key', 'still has “{{” and “}}” in it'],
  [{ key: 'order-[object Object]' }, 'key', 'a whole object was mapped'],
  [{ key: Number.NaN }, 'key', 'is not a number'],
  [{ key: Number.POSITIVE_INFINITY }, 'key', 'is not a number'],
  [{ key: Number('9007199254740993001') }, 'key', 'has lost its last digits'],
  [{ job: '…' }, 'job', '“Job Name” has no letter or digit in it'],
  [{ job: '{{1.job}}' }, 'job', '“Job Name” still has “{{” and “}}” in it'],
  [{ run_reference: '{{uuid}}' }, 'run_reference', '“Run Reference” still has “{{” and “}}” in it'],
  [{ key: ['a'] }, 'key', 'list'],
  [{ key: 'a\0b' }, 'key', 'character'],
  [{ key: 'a\ud800' }, 'key', 'character'],
  [{ key: 'x'.repeat(257) }, 'key', '257'],
  [{ job: 'x'.repeat(100), key: 'x'.repeat(156) }, 'key', '257'],
  [{ job: 'a:b' }, 'job', 'colon'],
  [{ run_reference: 'e1' }, 'run_reference', 'must not be the key'],
  [{ run_reference: 'orders:e1' }, 'run_reference', 'must not be the key'],
  [{ on_duplicate: 'explode' }, 'on_duplicate', 'stop, continue'],
  [{ hold_minutes: 'soon' }, 'hold_minutes', '0.1'],
  [{ hold_minutes: 44_641 }, 'hold_minutes', '44640'],
  [{ hold_minutes: Number.NaN }, 'hold_minutes', '44640'],
  [{ max_attempts: 1.5 }, 'max_attempts', 'whole'],
])('refuses %j and names the field', (given, field, said) => {
  expect(refusal(given)).toEqual(['invalid_input', field, expect.stringContaining(said)]);
});

test('counts characters as people do, not UTF-16 units', () => {
  expect(read({ key: '🎈'.repeat(249) })).toMatchObject({ key: '🎈'.repeat(249) });
});

test.each([7, -7, 0.5, 9_007_199_254_740_991])('one value has one text: %d', (number) => {
  expect(read({ key: number })).toEqual(read({ key: String(number) }));
});
