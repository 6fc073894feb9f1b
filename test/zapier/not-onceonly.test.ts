import type { OperationId } from '@onceonly/shared';
import { openZapier } from '../platforms/zapier.ts';
import { openProxy, type Proxy } from './proxy.ts';
import { outputsOf, useZapier } from './setting.ts';

/** What stands in between, or in OnceOnly's place, decides nothing: it neither stops a run nor lets it pass. */

const IN_EDITOR = { isLoadingSample: true };
const ME = '{"plan":"pro"}';
const LEASE = { claim_token: 'claim_lease-1|send-invoice:evt_1' };

const setting = useZapier();
let proxy: Proxy;

beforeEach(async () => {
  proxy = await openProxy(setting.world.baseUrl);
});
afterEach(() => proxy.close());

const step = async (id: OperationId, inputs: object = {}, meta = { isLoadingSample: false }) =>
  (await openZapier({ ...setting.world, baseUrl: proxy.baseUrl }, setting.process)).step(
    id,
    { ...inputs },
    meta,
  );

const ENDS = ['completeKey', 'failKey', 'extendClaim', 'releaseKey'] as const;

/** At the same time, since each is tried several times. */
async function expectAllLater(ids: readonly OperationId[], inputs: object): Promise<void> {
  const ran = await Promise.all(ids.map((id) => step(id, inputs)));
  const later = { error: { name: 'ThrottledError' } };
  expect(ran).toMatchObject(ids.map(() => later));
}

/** As the hosted API, or what calls itself so, answers all but the account. */
const hosted = (status: number, body: object): void => {
  proxy.answerEach((line) => (line.includes('/v1/me') ? [200, ME] : [status, JSON.stringify(body)]));
};

test('what answers everything with ok completes no key', async () => {
  proxy.answer(200, {}, '{"status":"ok","ok":true}');
  await expectAllLater(ENDS, LEASE);
});

describe.each([
  ['problem details', '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Invalid token"}'],
  ['a null', '{"detail":null}'],
  ['an empty list', '{"detail":[]}'],
])('a gateway’s %s', (_, body) => {
  test.each([401, 403, 404, 409, 422])('with %i is tried again later', async (status) => {
    proxy.answer(status, { 'content-type': 'application/problem+json' }, body);
    await expectAllLater(['claimKey', 'lockKey', 'completeKey'], { ...setting.event, ...LEASE });
  });
});

test('a gateway’s conflict is no duplicate', async () => {
  proxy.answer(409, {}, '{"detail":"Conflict"}');
  await expectAllLater(['lockKey'], setting.event);
});

describe('refusals of the hosted API in words', () => {
  test('a key that is not known: the editor’s test of a claim shows that it would be the first', async () => {
    hosted(404, { detail: 'Lease not found' });
    expect(outputsOf(await step('claimKey', setting.event, IN_EDITOR))['message']).toContain(
      'A live run would be the first',
    );
  });

  test('a choice that only a server of one’s own can keep fails the editor’s test', async () => {
    hosted(404, { detail: 'Lease not found' });
    const thrice = { ...setting.event, max_attempts: '3', hold_minutes: '60' };
    expect(await step('claimKey', thrice, IN_EDITOR)).toMatchObject({
      error: { name: 'AppError', code: 'needs_own_server' },
    });
  });

  test.each([
    ['extendClaim', 'extended', { ...LEASE, hold_minutes: '720' }, 'Your plan gives no more'],
    ['lockKey', 'locked', { remember_minutes: '720' }, 'Your plan remembers it for only 3600 seconds'],
  ] as const)('%s says that the plan gives less than it asks for', async (id, status, inputs, what) => {
    hosted(200, { ok: true, status, ttl: 3_600 });
    expect(outputsOf(await step(id, { ...setting.event, ...inputs }))['message']).toContain(what);
  });

  test.each([
    [404, 'Lease not found', 'not_found'],
    [410, 'Lease expired', 'not_found'],
    [409, 'Lease mismatch', 'lease_lost'],
    [409, 'Lease already completed', 'already_finished'],
  ])('%i %s is an error that says what it is', async (status, detail, code) => {
    hosted(status, { detail });
    expect(await step('completeKey', LEASE)).toMatchObject({ error: { name: 'AppError', code } });
  });

  test.each([
    [410, 'Lease expired'],
    [409, 'Lease expired'],
    [409, 'Lease mismatch'],
  ])(
    'Extend Claim told %i %s, which names no other run, is an error before the work',
    async (status, detail) => {
      hosted(status, { detail });
      const told = await step('extendClaim', LEASE);
      expect(told).toMatchObject({ error: { name: 'AppError' } });
      expect(JSON.stringify(told)).toContain('This run stops here, before it.');
    },
  );
});

describe('what says 404 to everything', () => {
  beforeEach(() => {
    proxy.answer(404, {}, '{"detail":"Not Found"}');
  });

  test.each(['claimKey', 'lockKey', 'getKey'] as const)('fails the editor’s test of %s', async (id) => {
    expect(await step(id, setting.event, IN_EDITOR)).toMatchObject({
      error: { name: 'AppError', code: 'unexpected_answer' },
    });
  });

  test('finds no key, and ends no claim', async () => {
    await expectAllLater(['getKey', ...ENDS], { ...setting.event, ...LEASE });
  });
});

test('the editor’s test of a claim is refused as a live one is: a key that is not known', async () => {
  proxy.answerEach((line) =>
    line.includes('/v1/me') ? [403, '{"detail":"Invalid API key"}'] : [404, '{"detail":"Lease not found"}'],
  );
  expect(await step('claimKey', setting.event, IN_EDITOR)).toMatchObject({
    error: { name: 'AppError', code: 'unauthorized' },
  });
});

describe.each(['releaseKey', 'failKey'] as const)('%s that was sent again', (id) => {
  const resent = (detail: string): void => {
    let first = true;
    proxy.answerEach((line) => {
      if (line.includes('/v1/me')) return [200, ME];
      if (!first) return [404, JSON.stringify({ detail })];
      first = false;
      return undefined;
    });
  };

  test('had succeeded where the service knows the lease no more', async () => {
    resent('Lease not found');
    expect(await step(id, LEASE)).toHaveProperty('outputs');
  });

  test('is an error where only the address is not found', async () => {
    resent('Not Found');
    expect(await step(id, LEASE)).toMatchObject({ error: { name: 'AppError', code: 'not_found' } });
  });
});

test('a completion that is answered as failed, without a reason, is an error', async () => {
  hosted(200, { ok: true, status: 'failed' });
  const told = await step('completeKey', LEASE);
  expect(told).toMatchObject({ error: { name: 'AppError', code: 'failed' } });
  expect(JSON.stringify(told)).toContain('Not marked as done');
});
