import { isEmptyResult } from '../src/empty/judge.ts';
import { ERRORS, isOnceOnlyError, OnceOnlyError, type ErrorCode } from '../src/errors.ts';
import { readToken, testLease, unprotectedLease } from '../src/token.ts';

test.each([
  ['lease-1.orders:a.b', { kind: 'lease', leaseId: 'lease-1', key: 'orders:a.b' }],
  [`${testLease('7')}.orders:e1`, { kind: 'test', key: 'orders:e1' }],
  [`${unprotectedLease('run.1 ü')}.orders:e1`, { kind: 'unprotected', holder: 'run.1 ü', key: 'orders:e1' }],
  ['lease-1', { kind: 'malformed' }],
  ['.key', { kind: 'malformed' }],
  ['lease-1.', { kind: 'malformed' }],
])('reads the token %s', (token, parts) => {
  expect(readToken(token)).toEqual(parts);
});

test.each([undefined, null, '', ' \n', {}, [], { a: '' }, { value: '  ' }, { a: [{}, [null, { b: '' }]] }])(
  '%j is an empty result',
  (result) => {
    expect(isEmptyResult(result)).toBe(true);
  },
);

test.each([0, false, 'x', { a: 0 }, [[false]], { a: { b: ['', 'x'] } }])('%j is a result', (result) => {
  expect(isEmptyResult(result)).toBe(false);
});

test('a result of any depth is looked through', () => {
  const deep = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) as unknown;
  expect(isEmptyResult(deep)).toBe(true);
});

test.each(Object.keys(ERRORS) as ErrorCode[])('%s says what happened and what to do', (code) => {
  const error = new OnceOnlyError(code, { detail: 'This exactly.' });
  expect(error.message).toMatch(/^[A-Z].*\. This exactly\. [A-Z].*\.$/);
  expect(isOnceOnlyError(error)).toBe(true);
});

test('an error of another copy of the library is known by its brand', () => {
  const copy = Object.assign(new Error('x'), { name: 'OnceOnlyError', code: 'no_answer', details: {} });
  expect(isOnceOnlyError(copy)).toBe(true);
  expect(isOnceOnlyError(new Error('x'))).toBe(false);
});
