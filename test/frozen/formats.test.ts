import { operations, readToken, toolCallKey, type Json } from '@onceonly/shared';
import { readOutputs } from '@onceonly/shared/client/translate.ts';
import { asText } from '@onceonly/shared/json.ts';
import { unprotectedLease } from '@onceonly/shared/token.ts';
import { idempotencyKey } from '../../server/src/claims/record.ts';
import { expectFrozen } from './frozen.ts';

/** What a run holds that is under way, or waits for days: a newer app must read it, and give the same names. */

const KEY = { job: 'send invoice', key: 'evt_1N3T00LkdIwHu7ix' };
const LEASE = '7c1f3f4e-54f0-4f0e-9d3b-0f6f3c6f2a10';

test('claim tokens, and the idempotency key where a service gives none', async () => {
  const leases = [
    { status: 'acquired', lease: LEASE },
    { status: 'acquired', lease: 'eyJhbGciOiJub25lIn0.eyJrIjoxfQ.' },
    { status: 'previewed', lease: '1' },
    {
      status: 'unprotected',
      lease: unprotectedLease({ ttl: 3_600, retention: 604_800, holder: 'n8n:0123456789abcdef' }),
    },
    { status: 'unprotected', lease: unprotectedLease({ holder: 'ä.ü' }) },
  ];
  const keys = [KEY, { job: 'send invoice', key: 'a.b|c' }];
  const given = leases.flatMap((lease) => keys.map((key) => ({ ...key, ...lease })));
  await expectFrozen('tokens.jsonl', given, ({ status = null, lease = null, ...inputs }) => {
    const entered = inputs as Readonly<Record<string, Json>>;
    const answer = { status, lease_id: lease, attempt: 1 };
    const { outputs } = readOutputs(operations.claimKey, entered, answer, 0);
    const { claim_token: token = null, idempotency_key: idempotency = null } = outputs;
    return { token, idempotency_key: idempotency, read: { ...readToken(asText(token)) } };
  });
});

test('the keys of agents’ tool calls', async () => {
  const given = [
    { run: 'run_1', tool: 'send_mail', args: { to: 'ada@example.com', copies: 1 } },
    { run: 'a:b', tool: 'c', args: {} },
    { run: 'a', tool: 'b:c', args: null },
  ];
  await expectFrozen('tool-calls.jsonl', given, ({ run, tool, args = null }) => ({
    key: toolCallKey(asText(run), asText(tool), args),
  }));
});

test('the idempotency keys of the server, which a run that takes over must hand on unchanged', async () => {
  const given = [1, 2].map((epoch) => ({ tenant: 'acme', key: `${KEY.job}:${KEY.key}`, epoch }));
  await expectFrozen('idempotency-keys.jsonl', given, ({ tenant, key, epoch }) => ({
    idempotency_key: idempotencyKey(asText(tenant), asText(key), Number(epoch)),
  }));
});
