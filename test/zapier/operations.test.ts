import { operations, type OperationId } from '@onceonly/shared';
import type { PlainOutputField } from 'zapier-platform-core';
import { useZapier } from './setting.ts';
import { misfits } from './types.ts';

const setting = useZapier();
const { outputs } = setting;
const claimToken = async (): Promise<unknown> => (await outputs('claimKey', setting.event))['claim_token'];

/** One step of every operation, as a Zap has it. */
const steps: Readonly<Record<OperationId, () => Promise<Record<string, unknown>>>> = {
  claimKey: () => outputs('claimKey', setting.event),
  completeKey: async () => outputs('completeKey', { claim_token: await claimToken(), result: 'INV-1042' }),
  failKey: async () => outputs('failKey', { claim_token: await claimToken(), reason: 'card declined' }),
  extendClaim: async () => outputs('extendClaim', { claim_token: await claimToken(), hold_minutes: '30' }),
  releaseKey: async () => outputs('releaseKey', { claim_token: await claimToken() }),
  getKey: async () => {
    await steps.completeKey();
    return outputs('getKey', setting.event);
  },
  lockKey: () => outputs('lockKey', setting.event),
};

test.each(Object.keys(operations) as OperationId[])(
  '%s gives every output as its definition says',
  async (id) => {
    const given = await steps[id]();
    const kind = operations[id].kind === 'lookup' ? 'searches' : 'creates';
    const fields = (await setting.zapier.execute(
      `${kind}.${id}.operation.outputFields`,
    )) as PlainOutputField[];
    expect(Object.keys(given)).toEqual(fields.map(({ key }) => key));
    expect(misfits(given, fields)).toEqual([]);
  },
);

test('a run claims, works and completes, and the next delivery stops', async () => {
  const first = await outputs('claimKey', setting.event);
  expect(first).toMatchObject({
    proceed: true,
    status: 'claimed',
    key: `send-invoice:${setting.event.key}`,
    attempt: 1,
  });
  // Held for 12 hours, as Zapier's replays need it.
  expect(first['expires_at']).toBe('2026-11-25T21:00:00.000Z');
  const done = await outputs('completeKey', { claim_token: first['claim_token'], result: 'INV-1042' });
  expect(done).toMatchObject({ completed: true, state: 'completed' });
  expect(await outputs('getKey', setting.event)).toMatchObject({ exists: true, result: 'INV-1042' });
  expect(await outputs('claimKey', { ...setting.event, on_duplicate: 'continue' })).toMatchObject({
    proceed: false,
    duplicate: true,
    result: 'INV-1042',
  });
});

test('of fifty deliveries at once, one goes on', async () => {
  const runs = Array.from({ length: 50 }, async () => {
    const ran = await setting.zapier.run('claimKey', { ...setting.event, while_in_progress: 'stop' });
    if (ran.kind === 'continued') await outputs('completeKey', { claim_token: ran.outputs['claim_token'] });
    return ran.kind;
  });
  const kinds = await Promise.all(runs);
  expect(kinds.filter((kind) => kind === 'continued')).toHaveLength(1);
  expect(kinds.filter((kind) => kind === 'stopped')).toHaveLength(49);
});

test('getKey answers one object for a key that nobody claimed', async () => {
  const found = await outputs('getKey', setting.event);
  expect(found).toMatchObject({ id: `send-invoice:${setting.event.key}`, exists: false, status: null });
});

test('a search that finds nothing gives nothing, unless one object is chosen', async () => {
  const search = (more: object) =>
    setting.zapier.attempt('searches.getKey.operation.perform', { ...setting.event, ...more }, {});
  expect(await search({})).toEqual({ results: [] });
  expect(await search({ when_missing: 'object' })).toMatchObject({ results: [{ exists: false }] });
  // One that is mapped may be anything, and a Zap may branch on what comes.
  expect(await search({ when_missing: 'Object' })).toMatchObject({ error: { code: 'invalid_input' } });
  await outputs('claimKey', setting.event);
  expect(await search({})).toMatchObject({ results: [{ exists: true, status: 'in_progress' }] });
});

test.each([
  ['text', 'INV-1042', 'INV-1042'],
  ['an object', '{"invoice": "INV-1042", "lines": [1, 2]}', { invoice: 'INV-1042', lines: [1, 2] }],
  ['text that only looks like an object', '{ not json', '{ not json'],
  ['a template', '{{bundle.inputData.key}} {{process.env.X}}', '{{bundle.inputData.key}} {{process.env.X}}'],
  [
    'an object with a number too long to keep',
    '{"id": 12345678901234567890}',
    '{"id": 12345678901234567890}',
  ],
])('a result comes back as it was: %s', async (_, entered, kept) => {
  await outputs('completeKey', { claim_token: await claimToken(), result: entered });
  expect((await outputs('getKey', setting.event))['result']).toEqual(kept);
});

test.each(['Grüße & 100% = a/b?c#d+e', '}} {bundle.inputData.key} {{', '注文 🎈 "quoted" \\'])(
  'any key is told from others: %s',
  async (key) => {
    const given = await outputs('claimKey', { job: 'any', key });
    expect(given['key']).toBe(`any:${key}`);
    await outputs('completeKey', { claim_token: given['claim_token'], result: key });
    expect(await outputs('getKey', { job: 'any', key })).toMatchObject({ exists: true, result: key });
  },
);

test('what Zapier logs of a run holds its requests, and not the API key', async () => {
  await steps.getKey();
  expect(setting.process.log()).toContain('POST http://127.0.0.1');
  expect(setting.process.log()).not.toContain(setting.world.apiKey);
});
