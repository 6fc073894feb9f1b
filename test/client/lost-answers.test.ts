import { OnceOnlyError } from '@onceonly/shared';
import { answerLost, badGateway, unreachable } from './faults.ts';
import { openSetting, type Setting } from './setting.ts';

const EVENT = { job: 'orders', key: 'e1' };

let setting: Setting;
afterEach(() => setting.close());

async function thrown(promise: Promise<unknown>): Promise<OnceOnlyError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof OnceOnlyError) return error;
  throw new Error(`Not a OnceOnlyError: ${String(error)}`);
}

async function tokenOf({ client }: Setting): Promise<string> {
  return String((await client.run('claimKey', EVENT)).outputs.claim_token);
}

describe('with our own server', () => {
  beforeEach(async () => {
    setting = await openSetting('own');
  });

  test('a claim whose answer was lost finds its own lease', async () => {
    const { client, network } = setting;
    network.fail([answerLost, answerLost]);
    const { outputs, then } = await client.run('claimKey', EVENT);
    expect(outputs).toMatchObject({ proceed: true, status: 'claimed', attempt: 1, reentrant: true });
    expect(then).toBe('continue');
    const holders = network.sent.map(({ body }) => body?.['holder']);
    expect(holders).toHaveLength(3);
    expect(new Set(holders).size).toBe(1);
  });

  test('every call is a holder of its own', async () => {
    const { client, network } = setting;
    await client.run('claimKey', EVENT);
    await client.run('claimKey', { ...EVENT, key: 'e2' });
    const [first, second] = network.sent.map(({ body }) => body?.['holder']);
    expect(first).not.toBe(second);
  });

  test('a lock whose answer was lost finds itself', async () => {
    const { client, network } = setting;
    network.fail([answerLost]);
    expect((await client.run('lockKey', EVENT)).outputs).toMatchObject({ proceed: true, status: 'claimed' });
  });

  test('a claim that was sent again and meets another holder is a duplicate', async () => {
    const { other, network, hasty } = setting;
    await other.run('claimKey', EVENT);
    network.fail([unreachable], '/v1/ai/lease');
    const { outputs, then } = await hasty.run('claimKey', EVENT);
    expect(outputs).toMatchObject({ proceed: false, status: 'in_progress' });
    expect(then).toBe('stop');
  });

  test('a failure that was sent again and finds the key claimed anew has succeeded', async () => {
    const { client, other, network } = setting;
    const claim_token = await tokenOf(setting);
    await client.me();
    network.fail([
      async (request, pass) => {
        await pass(request);
        await other.run('claimKey', EVENT);
        throw new Error('the answer was lost');
      },
    ]);
    expect((await client.run('failKey', { claim_token })).outputs).toMatchObject({
      failed: true,
      status: 'failed',
    });
  });

  test('a release that was sent again and finds the key claimed anew has succeeded', async () => {
    const { client, other, network } = setting;
    const claim_token = await tokenOf(setting);
    network.fail([
      async (request, pass) => {
        await pass(request);
        await other.run('claimKey', EVENT);
        throw new Error('the answer was lost');
      },
    ]);
    expect((await client.run('releaseKey', { claim_token })).outputs).toMatchObject({ released: true });
  });

  test('a completion that was sent again and finds the key taken over has not', async () => {
    const { client, other, network, world } = setting;
    const claim_token = await tokenOf(setting);
    network.fail([
      async () => {
        world.advance(61 * 60_000);
        await other.run('claimKey', EVENT);
        throw new Error('connection reset');
      },
    ]);
    const { outputs, then } = await client.run('completeKey', { claim_token });
    expect(outputs).toMatchObject({ completed: false, status: 'lease_lost' });
    expect(then).toBe('late');
  });

  test('a completion whose answer was lost is sent again, and its first result stands', async () => {
    const { client, network } = setting;
    const claim_token = await tokenOf(setting);
    network.fail([answerLost]);
    expect((await client.run('completeKey', { claim_token, result: 'r' })).outputs.completed).toBe(true);
  });

  test('after a completion without any answer, a failure is never sent', async () => {
    const { client, network } = setting;
    const claim_token = await tokenOf(setting);
    network.fail([answerLost, answerLost, badGateway, unreachable]);
    expect((await thrown(client.run('completeKey', { claim_token }))).code).toBe('no_answer');
    const before = network.sent.length;
    expect((await thrown(client.run('failKey', { claim_token }))).code).toBe('completion_unknown');
    expect(network.sent.slice(before).map(({ path }) => path)).not.toContain('/v1/ai/fail');
    expect((await client.run('getKey', EVENT)).outputs.status).toBe('completed');
  });

  test('a service that stays away is an error to be tried again later, within the deadline', async () => {
    const { client, network, time } = setting;
    network.fail([unreachable, badGateway, unreachable, unreachable]);
    const error = await thrown(client.run('claimKey', EVENT));
    expect(error.code).toBe('no_answer');
    expect(network.sent).toHaveLength(4);
    expect(time.now()).toBeLessThanOrEqual(25_000);
    expect(network.sent.every(({ timeoutMs }) => timeoutMs <= 25_000)).toBe(true);
  });

  test('no try begins after the deadline, however slow the service is', async () => {
    const { client, network, time } = setting;
    const slow = async ({ timeoutMs }: { timeoutMs: number }): Promise<never> => {
      await time.sleep(timeoutMs);
      throw new Error('timeout');
    };
    network.fail([slow, slow, slow, slow]);
    expect((await thrown(client.run('claimKey', EVENT))).code).toBe('no_answer');
    expect(time.now()).toBeLessThanOrEqual(25_000);
  });

  test('the API key is in no error', async () => {
    const { client, network, world } = setting;
    network.fail([
      () => Promise.reject(new Error(`connect failed for ${world.apiKey}`)),
      ...Array<typeof badGateway>(3).fill(badGateway),
    ]);
    const error = await thrown(client.run('claimKey', EVENT));
    expect(JSON.stringify([error, error.message, error.stack])).not.toContain(world.apiKey);
  });
});

describe.each(['hosted', 'hosted, duplicates as 409'] as const)('with the %s API', (service) => {
  beforeEach(async () => {
    setting = await openSetting(service);
  });

  test('a claim that was sent again and meets a holder is unconfirmed, not stopped', async () => {
    const { client, network } = setting;
    network.fail([answerLost]);
    const { outputs, then } = await client.run('claimKey', EVENT);
    expect(outputs).toMatchObject({
      proceed: false,
      status: 'unconfirmed',
      duplicate: null,
      claim_token: null,
    });
    expect(then).toBe('retry_later');
  });

  test('a lock that was sent again and meets itself is unconfirmed, not stopped', async () => {
    const { client, network } = setting;
    network.fail([answerLost]);
    const { outputs, then } = await client.run('lockKey', EVENT);
    expect(outputs).toMatchObject({ proceed: false, status: 'unconfirmed' });
    expect(then).toBe('retry_later');
  });

  test('what no answer was lost of is a plain duplicate', async () => {
    const { client } = setting;
    await client.run('lockKey', EVENT);
    expect(await client.run('lockKey', EVENT)).toMatchObject({
      outputs: { status: 'duplicate' },
      then: 'stop',
    });
  });
});
