import { operations, type OperationId } from '@onceonly/shared';
import type { PlainInputField } from 'zapier-platform-core';
import { useZapier } from './setting.ts';

const setting = useZapier();

const fieldsOf = async (id: OperationId, inputData = {}): Promise<readonly PlainInputField[]> => {
  const kind = operations[id].kind === 'lookup' ? 'searches' : 'creates';
  return (await setting.zapier.execute(
    `${kind}.${id}.operation.inputFields`,
    inputData,
  )) as PlainInputField[];
};

const keysOf = async (id: OperationId, inputData = {}): Promise<readonly string[]> =>
  (await fieldsOf(id, inputData)).map(({ key }) => key);

test.each(Object.keys(operations) as OperationId[])('%s: order and defaults', async (id) => {
  const fields = await fieldsOf(id, { show_advanced: 'true' });
  const lines = fields.map(
    ({ key, type, required, default: value }) =>
      `${key}${required === true ? '*' : ''}: ${String(type)}${value === undefined ? '' : ` = ${value}`}`,
  );
  expect(lines).toMatchSnapshot();
});

test('a claim shows Job Name, Key From, Key and When It Is a Duplicate, and the rest when asked', async () => {
  const shown = ['job', 'key_from', 'key', 'on_duplicate', 'show_advanced'];
  expect(await keysOf('claimKey')).toEqual(shown);
  expect(await keysOf('claimKey', { show_advanced: false })).toEqual(shown);
  const all = await keysOf('claimKey', { show_advanced: true });
  expect(all.slice(0, shown.length)).toEqual(shown);
  expect(all).toContain('hold_minutes');
});

test.each([
  ['value', ['key'], []],
  ['detect', ['headers', 'payload*', 'leave_out'], ['source', 'require_signature', 'url']],
  ['fields', ['payload*', 'fields*'], []],
  ['whole', ['payload*', 'leave_out'], []],
])('a key from %s asks for what it needs, and requires it', async (key_from, asked, advanced) => {
  const fields = await fieldsOf('claimKey', { key_from, show_advanced: 'true' });
  const named = fields.map(({ key, required }) => key + (required === true && key !== 'key' ? '*' : ''));
  expect(named.slice(0, asked.length + 3)).toEqual(['job*', 'key_from', ...asked, 'on_duplicate']);
  const more = ['source', 'require_signature', 'url'];
  expect(named.filter((each) => more.includes(each))).toEqual(advanced);
});

test('Zapier asks for the fields anew when Key From changes, and no step holds a secret', async () => {
  const fields = await fieldsOf('claimKey', { key_from: 'detect', show_advanced: 'true' });
  expect(fields.find(({ key }) => key === 'key_from')?.altersDynamicFields).toBe(true);
  expect(fields.map(({ key }) => key)).not.toContain('signing_secret');
});

test('a setting that counts stays in sight, a default does not', async () => {
  expect(await keysOf('claimKey', { hold_minutes: '30', show_advanced: 'false' })).toContain('hold_minutes');
  expect(await keysOf('claimKey', { hold_minutes: '720', if_run_died: 'retry' })).not.toContain(
    'hold_minutes',
  );
});

test('a hidden setting still counts', async () => {
  const { expires_at } = await setting.outputs('claimKey', { ...setting.event, hold_minutes: '30' });
  expect(expires_at).toBe('2026-11-25T09:30:00.000Z');
});

test('what Zapier does not offer is not shown', async () => {
  const all = await keysOf('claimKey', { show_advanced: true });
  expect(all).not.toContain('fingerprint');
  expect(all).not.toContain('metadata');
  // Whatever could be mapped into it comes from the event.
  expect(all).not.toContain('run_reference');
  expect(await keysOf('lockKey', { show_advanced: true })).not.toContain('run_reference');
  expect(await keysOf('failKey', { show_advanced: true })).not.toContain('run');
});

test('what is always shown comes before what is not', () => {
  for (const { id, fields } of Object.values(operations)) {
    const advanced = fields.map((field) => 'advanced' in field && field.advanced);
    expect([id, advanced]).toEqual([id, [...advanced].sort()]);
  }
});
