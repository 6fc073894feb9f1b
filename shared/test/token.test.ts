import { isEmptyResult } from '../src/empty/judge.ts';
import { ERRORS, isOnceOnlyError, OnceOnlyError, type ErrorCode } from '../src/errors.ts';
import { operations } from '../src/operations/index.ts';
import { readOutputs } from '../src/client/translate.ts';
import { asText } from '../src/json.ts';
import { evaluate } from '../src/rules.ts';
import { readToken, TOKEN_KEY, TOKEN_LEASE, tokenOf, unprotectedLease } from '../src/token.ts';

const written = (status: string, lease: string, key: string): string => {
  const { outputs } = readOutputs(
    operations.claimKey,
    { job: 'orders', key },
    { status, lease_id: lease },
    0,
  );
  return asText(outputs['claim_token']);
};

test.each([
  [written('acquired', 'lease-1', 'a.b|c'), { kind: 'lease', leaseId: 'lease-1', key: 'orders:a.b|c' }],
  [written('acquired', 'test_a.b.c', 'e1'), { kind: 'lease', leaseId: 'test_a.b.c', key: 'orders:e1' }],
  [written('previewed', '7', 'e1'), { kind: 'test', key: 'orders:e1' }],
  [
    written('unprotected', unprotectedLease({ holder: 'run.1 ü', retention: 60 }), 'e1'),
    { kind: 'unprotected', unclaimed: { holder: 'run.1 ü', retention: 60 }, key: 'orders:e1' },
  ],
  [tokenOf('lease-1', 'orders:e1'), { kind: 'lease', leaseId: 'lease-1', key: 'orders:e1' }],
])('reads the token %s that was written', (token, parts) => {
  expect(readToken(token)).toEqual(parts);
  const scope = { input: { claim_token: token }, client: {}, answer: {}, output: {}, now: 0 };
  expect(evaluate(TOKEN_KEY, scope)).toBe(parts.key);
  expect(evaluate(TOKEN_LEASE, scope)).toBe('leaseId' in parts ? parts.leaseId : '');
});

test.each([
  'john@acme.com',
  'abc',
  '{{123__claim_token}}',
  'lease-1|orders:e1',
  'claim_lease-1',
  'claim_lease-1|',
  'claim_|orders:e1',
  'once_live_abc|x',
  'claim_{{123__lease}}|orders:e1',
  'claim_lease-1|orders:{{123__key}}',
  'claim_lease 1|orders:e1',
  'claim_lease-1 |orders:e1',
  'claim_lease-1| orders:e1',
  'claim_lease-1,|orders:e1',
  'claim_lease-1|orders:e1,claim_lease-2|orders:e2',
  'claim_lease-1|orders:e1\nclaim_lease-2|orders:e2',
  'test_7|orders:e1, test_8|orders:e2',
  'claim_lease-1|orders:',
  'unprotected_!!!|orders:e1',
  'unprotected_cnVuLTE|orders:e1',
  'unprotected_e30|orders:e1',
])('%s is no token', (token) => {
  expect(readToken(token)).toEqual({ kind: 'malformed' });
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
  const { happened, todo } = ERRORS[code];
  const saysItself = 'inDetail' in ERRORS[code];
  expect(error.message).toBe(`${saysItself ? '' : `${happened} `}This exactly. ${todo}`);
  expect(new OnceOnlyError(code).message).toBe(`${happened} ${todo}`);
  expect(isOnceOnlyError(error)).toBe(true);
});

test('an error of another copy of the library is known by its brand', () => {
  const copy = Object.assign(new Error('x'), { name: 'OnceOnlyError', code: 'no_answer', details: {} });
  expect(isOnceOnlyError(copy)).toBe(true);
  expect(isOnceOnlyError(new Error('x'))).toBe(false);
});
