import { openSetting, type Setting } from './setting.ts';

/** An editor's test shows the shape of a live run and changes nothing. */

const EVENT = { job: 'orders', key: 'e1' };

let setting: Setting;
beforeEach(async () => {
  setting = await openSetting('own');
});
afterEach(() => setting.close());

test('claims nothing, and says that a live run would be the first', async () => {
  const { outputs, then } = await setting.client.preview('claimKey', EVENT);
  expect(outputs).toMatchObject({
    proceed: true,
    status: 'claimed',
    claim_token: expect.stringMatching(/^test_.+\|orders:e1$/),
    message: expect.stringMatching(/^Test only: nothing was claimed\. .*would be the first/),
  });
  expect(then).toBe('continue');
  expect((await setting.client.run('getKey', EVENT)).outputs.exists).toBe(false);
});

test('says what a live run would have met', async () => {
  const claim_token = String((await setting.client.run('claimKey', EVENT)).outputs.claim_token);
  await setting.client.run('completeKey', { claim_token });
  const { outputs } = await setting.client.preview('claimKey', EVENT);
  expect(outputs).toMatchObject({
    proceed: true,
    message: expect.stringContaining('Completed: “orders:e1”'),
  });
});

test.each(['completeKey', 'failKey', 'extendClaim', 'releaseKey'] as const)(
  '%s sends nothing',
  async (id) => {
    const { outputs: claimed } = await setting.client.preview('claimKey', EVENT);
    const before = setting.network.sent.length;
    const { outputs } = await setting.client.preview(id, { claim_token: claimed['claim_token'] });
    expect(outputs['message']).toMatch(/^Test only/);
    expect(setting.network.sent).toHaveLength(before);
  },
);

test.each(['completeKey', 'failKey', 'extendClaim', 'releaseKey'] as const)(
  '%s refuses a test token in a live run',
  async (id) => {
    const { outputs } = await setting.client.preview('claimKey', EVENT);
    await expect(setting.client.perform(id, { claim_token: outputs['claim_token'] })).rejects.toMatchObject({
      code: 'test_token',
    });
  },
);

test('still names what is wrong with the inputs', async () => {
  await expect(setting.client.preview('claimKey', { job: 'orders' })).rejects.toMatchObject({
    code: 'invalid_input',
    details: { field: 'key' },
  });
});
