import { defaultOf, operations, type Json, type Operation } from '@onceonly/shared';
import { evaluate, type Rule } from '@onceonly/shared/rules.ts';
import { READINGS, readAs } from './engine/reading.ts';
import type { Made } from './engine/connect.ts';
import { appOn, errorOf, madeEarlier, openStub } from './harness.ts';

/*
 * What a module makes of the hosted API's answers by itself, held against the rules that all other platforms go by: over
 * every answer, every choice, and both readings of Make's documents.
 */

afterAll(() => {
  readAs(READINGS.documented);
});

interface Case {
  readonly id: 'claimKey' | 'lockKey' | 'completeKey' | 'extendClaim' | 'releaseKey' | 'failKey' | 'getKey';
  /** Of the hosted API, beside the key. */
  readonly answers: readonly Readonly<Record<string, Json>>[];
  readonly inputs: readonly Readonly<Record<string, Json>>[];
  /** Outputs that it knows as well as all others. */
  readonly outputs: readonly string[];
}

const KEY = 'orders:evt_1';
const EVENT = { job: 'orders', key: 'evt_1' };
const TOKEN = { claim_token: `claim_lease-1|${KEY}` };
const SEEN = { first_seen_at: '2026-11-25T09:00:00.000Z', done_at: null, ttl: 3_600, lease_id: 'lease-1' };
const choices = <A extends Json, B extends Json>(a: readonly A[], b: readonly B[]) =>
  a.flatMap((one) => b.map((other) => [one, other] as const));

const cases: readonly Case[] = [
  {
    id: 'claimKey',
    answers: ['acquired', 'in_progress', 'polling', 'completed', 'failed'].map((status) => ({
      ...SEEN,
      status,
    })),
    inputs: choices(['stop', 'continue', null], ['stop', 'continue', 'retry_later', null]).map(
      ([on_duplicate, while_in_progress]) => ({ ...EVENT, on_duplicate, while_in_progress }),
    ),
    outputs: ['status', 'proceed', 'duplicate', 'key', 'claim_token', 'idempotency_key', 'first_seen_at'],
  },
  {
    id: 'lockKey',
    answers: ['locked', 'duplicate'].map((status) => ({ ...SEEN, status })),
    inputs: ['stop', 'continue', null].map((on_duplicate) => ({ ...EVENT, on_duplicate })),
    outputs: ['status', 'proceed', 'duplicate', 'key', 'first_seen_at', 'remember_seconds'],
  },
  {
    id: 'completeKey',
    answers: [{ status: 'completed', done_at: SEEN.first_seen_at }],
    inputs: [
      ...[TOKEN, { ...TOKEN, result: 'x' }, { ...TOKEN, result: { a: 1 }, reject_empty: true }],
      ...[0, false, ' 0 '].map((result) => ({ ...TOKEN, result, reject_empty: true })),
      { ...TOKEN, result: 'x'.repeat(3_000_000) },
    ],
    outputs: ['status', 'completed', 'key', 'done_at', 'error_code', 'message'],
  },
  {
    id: 'extendClaim',
    answers: [{ status: 'extended', ttl: 600 }],
    inputs: [TOKEN, { ...TOKEN, hold_minutes: 10 }],
    outputs: ['status', 'extended', 'key', 'hold_seconds', 'message'],
  },
  {
    id: 'releaseKey',
    answers: [{ status: 'cancelled' }, { status: 'canceled' }],
    inputs: [TOKEN, { ...TOKEN, reason: 'nothing to do' }],
    outputs: ['status', 'released', 'key', 'message'],
  },
  {
    id: 'failKey',
    answers: [{ status: 'failed' }],
    inputs: [TOKEN, { ...TOKEN, retryable: false, reason: 'x' }, { ...TOKEN, retryable: true }],
    outputs: ['status', 'failed', 'key', 'keys_failed'],
  },
  {
    id: 'getKey',
    answers: ['in_progress', 'completed', 'failed'].map((status) => ({ ...SEEN, status })),
    inputs: [EVENT],
    outputs: ['status', 'exists', 'key', 'first_seen_at'],
  },
];

/** What the contract has of a request to a path; an address that no service has says that a choice cannot be kept. */
const CONTRACT: Readonly<Record<string, readonly string[]>> = {
  'POST /v1/ai/lease': ['key', 'ttl'],
  'POST /v1/check-lock': ['key', 'ttl'],
  'POST /v1/ai/complete': ['key', 'lease_id', 'result'],
  'POST /v1/ai/extend': ['key', 'lease_id', 'ttl'],
  'POST /v1/ai/cancel': ['key', 'lease_id', 'reason'],
  'POST /v1/ai/fail': ['key', 'lease_id', 'error_code'],
  'GET /v1/ai/status': [],
  'POST /v1/needs-own-server': ['key', 'ttl'],
};

function expectOnlyWhatTheContractHas({ log }: Made): void {
  const { method, url, body } = log.at(-1)?.request as { method: string; url: string; body?: object };
  const path = `${method} ${new URL(url).pathname}`;
  expect([path, Object.keys(body ?? {})]).toEqual([path, CONTRACT[path]]);
  expect(JSON.stringify(body ?? null).length).toBeLessThan(64 * 1_024);
}

/** What the rules say of it. */
function expected(
  operation: Operation,
  inputs: Readonly<Record<string, Json>>,
  answer: Readonly<Record<string, Json>>,
) {
  const input = Object.fromEntries(
    operation.fields.map((field) => [field.id, inputs[field.id] ?? defaultOf(field, 'make')]),
  );
  const output: Record<string, Json> = {};
  const by = (rule: Rule): Json => evaluate(rule, { input, client: {}, answer, output, now: 0 });
  for (const { id, from } of operation.outputs) output[id] = by(from);
  return { output, then: by(operation.then) };
}

describe.each(Object.entries(READINGS))('as %s', (_, reading) => {
  test.each<[unknown, string]>([
    [undefined, 'cancel'],
    ['', 'cancel'],
    [0, 'complete'],
    [false, 'complete'],
    ['0', 'complete'],
    [[], 'complete'],
    [{ a: 1 }, 'complete'],
  ])('of a result of %j, where an empty one is a failure, comes: %s', async (result, path) => {
    readAs(reading);
    const stub = await openStub((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ ok: true, status: path === 'cancel' ? 'released' : 'completed', key: KEY }),
      );
    });
    const app = appOn(await madeEarlier(stub.baseUrl, { own: false }));
    const ran = await app.run('completeKey', { ...TOKEN, result, reject_empty: true });
    expect(stub.came.map(({ url }) => url)).toEqual([`/v1/ai/${path}`]);
    expect(ran).toMatchObject({ bundles: [{ completed: path === 'complete' }] });
  });

  test.each(cases.map((each) => [each.id, each] as const))('%s', async (id, { answers, inputs, outputs }) => {
    readAs(reading);
    expect(Object.keys(operations[id].sample)).toEqual(expect.arrayContaining([...outputs]));
    let answer: Readonly<Record<string, Json>> = {};
    const stub = await openStub((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer));
    });
    const app = appOn(await madeEarlier(stub.baseUrl, { own: false }));
    for (const [given, said] of inputs.flatMap((one) => answers.map((other) => [one, other] as const))) {
      answer = { ...said, key: KEY };
      const { output, then } = expected(operations[id], given, answer);
      const result = await app.run(id, given);
      const status = output['status'];
      // Without holders, a claim that finds a run at work may be looking at itself: that is never a stop.
      const stops = then === 'stop' && status !== 'in_progress';
      const went = 'error' in result ? result.error.type : result.bundles.length;
      const later = status === 'failed' ? 'DataError' : 'ConnectionError';
      const goes = then === 'continue' ? 1 : later;
      expect([given, answer, went]).toEqual([given, answer, stops ? 0 : goes]);
      expectOnlyWhatTheContractHas(app.made);
      const [bundle = {}] = 'bundles' in result ? result.bundles : [];
      for (const name of Object.keys(bundle).filter((each) => outputs.includes(each)))
        expect([given, answer, name, bundle[name]]).toEqual([given, answer, name, output[name]]);
    }
  });
});

test.each<[string, string, object]>([
  [
    'a signing secret',
    'claimKey',
    { key_from: 'detect', payload: '{}', headers: [], signing_secret: 'whsec_x' },
  ],
  ['a run', 'failKey', { run: 'execution-1' }],
])('%s is not sent to the hosted API, which has no place for it', async (_, id, given) => {
  const stub = await openStub((_request, response) => {
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end('{"detail":"Not Found"}');
  });
  const app = appOn(await madeEarlier(stub.baseUrl, { own: false }));
  const error = errorOf(await app.run(id, { job: 'orders', ...given }));
  expect(error).toMatchObject({
    type: 'DataError',
    message: expect.stringContaining('works only with your own OnceOnly server'),
  });
  expect(JSON.stringify(app.made.log)).not.toMatch(/whsec_x|execution-1|signing_secret|inputs/);
});

test('a key that failed for good is told so, and not tried again', async () => {
  const stub = await openStub((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...SEEN, status: 'failed', key: KEY, error_code: 'card declined' }));
  });
  const app = appOn(await madeEarlier(stub.baseUrl, { own: false }));
  expect(errorOf(await app.run('claimKey', EVENT))).toEqual({
    type: 'DataError',
    message: `Failed for good: “${KEY}”. Reason: card declined. To run it again, use another key.`,
  });
});

const NAMING: readonly (readonly [Case['id'], Readonly<Record<string, Json>>])[] = [
  ['claimKey', { status: 'acquired', lease_id: 'lease-1', ttl: 3_600 }],
  ['lockKey', { status: 'locked', ttl: 60 }],
  ['completeKey', { status: 'completed' }],
  ['extendClaim', { status: 'extended', ttl: 600 }],
  ['failKey', { status: 'failed' }],
  ['getKey', { status: 'completed' }],
  ['releaseKey', { status: 'cancelled' }],
];

test.each(NAMING)('%s names a key as people write it, and mentions nobody', async (id, answer) => {
  let key = '';
  const stub = await openStub((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...answer, key }));
  });
  const app = appOn(await madeEarlier(stub.baseUrl, { own: false }));
  const named = async (given: string): Promise<unknown> => {
    key = `contacts:${given}`;
    const ran = await app.run(id, { job: 'contacts', key: given, claim_token: `claim_lease-1|${key}` });
    return 'bundles' in ran ? ran.bundles[0]?.['message'] : ran;
  };
  expect(await named('17:2026-11-29T08:12:29Z')).toContain('“contacts:17” (2026-11-29, 08:12:29 UTC)');
  expect(await named('17:2026-11-29T08:12:29.426Z')).toContain(
    '“contacts:17” (2026-11-29, 08:12:29.426 UTC)',
  );
  expect(await named('Zoë_1-2')).toContain('“contacts:Zoë_1-2”');
  expect(await named('<@here>https://evil.example/a.1')).toContain(
    '“contacts:··here·https:··evil·example·a·1”',
  );
});
