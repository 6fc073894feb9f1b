import { unreachable } from './faults.ts';
import { openSetting, type Setting } from './setting.ts';

const EVENT = { job: 'orders', key: 'e1', when_unreachable: 'continue' } as const;
const DOWN = [unreachable, unreachable, unreachable, unreachable];

let setting: Setting;
beforeEach(async () => {
  setting = await openSetting('own');
});
afterEach(() => setting.close());

async function goOnUnprotected(): Promise<string> {
  setting.network.fail(DOWN);
  const { outputs, then } = await setting.client.run('claimKey', EVENT);
  expect(outputs).toMatchObject({ proceed: true, status: 'unprotected', duplicate: null });
  expect(then).toBe('continue');
  return String(outputs.claim_token);
}

test('a run that went on unprotected claims and completes in one go', async () => {
  const claim_token = await goOnUnprotected();
  expect((await setting.client.run('completeKey', { claim_token })).outputs.completed).toBe(true);
  expect((await setting.other.run('claimKey', EVENT)).outputs).toMatchObject({
    proceed: false,
    status: 'completed',
  });
  // The step is replayed: the work was done once.
  expect(await setting.client.run('completeKey', { claim_token })).toMatchObject({
    outputs: { completed: true },
    then: 'continue',
  });
});

test('a claim that had arrived after all is completed as its own', async () => {
  const { client, network, other } = setting;
  const lost = async (
    request: Parameters<typeof unreachable>[0],
    pass: Parameters<typeof unreachable>[1],
  ) => {
    await pass(request);
    throw new Error('the answer was lost');
  };
  network.fail([lost, lost, lost, lost]);
  const { outputs } = await client.run('claimKey', EVENT);
  expect(outputs.status).toBe('unprotected');
  const claim_token = String(outputs.claim_token);
  expect((await client.run('completeKey', { claim_token })).outputs.completed).toBe(true);
  expect((await other.run('getKey', EVENT)).outputs).toMatchObject({ status: 'completed', attempt: 1 });
});

test('says why it cannot complete what another run has done meanwhile', async () => {
  const claim_token = await goOnUnprotected();
  const theirs = String((await setting.other.run('claimKey', EVENT)).outputs.claim_token);
  expect(await setting.client.run('completeKey', { claim_token })).toMatchObject({
    outputs: { completed: false, status: 'lease_lost' },
    then: 'late',
  });
  await setting.other.run('completeKey', { claim_token: theirs });
  expect(await setting.client.run('completeKey', { claim_token })).toMatchObject({
    outputs: { completed: false, status: 'already_finished', state: 'completed' },
    then: 'late',
  });
});

test('a refusal is no reason to go on unprotected', async () => {
  const { client, network } = setting;
  network.fail([() => Promise.resolve({ status: 403, headers: {}, body: { detail: 'Invalid API key' } })]);
  await expect(client.run('claimKey', EVENT)).rejects.toMatchObject({ code: 'unauthorized' });
  network.fail([() => Promise.resolve({ status: 429, headers: { 'retry-after': '60' }, body: {} })]);
  await expect(client.run('claimKey', EVENT)).rejects.toMatchObject({ code: 'rate_limited' });
});

test('without that choice, a run does not go on', async () => {
  setting.network.fail(DOWN);
  await expect(setting.client.run('claimKey', { job: 'orders', key: 'e1' })).rejects.toMatchObject({
    code: 'no_answer',
  });
});
