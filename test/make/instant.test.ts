import { triggers, type TriggerId } from '@onceonly/shared';
import { triggersAsShown } from '@onceonly/shared/sentence-case.ts';
import { openReceiver, until, type Receiver } from '../../server/test/receiver.ts';
import { call, type Logged } from '../hooks/setting.ts';
import type { Section } from './engine/app.ts';
import type { Made } from './engine/connect.ts';
import { READINGS, readAs } from './engine/reading.ts';
import { runModule } from './engine/run.ts';
import { attach, detach, receive, type Attached } from './engine/webhook.ts';
import { shownTime } from '@onceonly/shared/shown-time.ts';
import { bundleOf, madeEarlier, openApp, openStub, useApp } from './harness.ts';

/*
 * Instant triggers against the real server: it delivers over real HTTP to an address at which the stand-in for Make
 * listens, and which a scenario was made for.
 */

const at = useApp();
const MINUTE_MS = 60_000;

interface Listening {
  readonly attached: Attached;
  readonly receiver: Receiver;
  /** What the scenario was woken with. */
  readonly bundles: Section[];
  /** What the service logs of its deliveries, the newest first. */
  log(): Promise<readonly Logged[]>;
}

const listening: Listening[] = [];
afterEach(async () => {
  for (const { attached, receiver } of listening.splice(0)) {
    await detach(attached, at.app.made);
    await receiver.close();
  }
});

/** As a user does who makes a webhook in a scenario's first module. */
async function listen(id: TriggerId, parameters: Section = {}, made: Made = at.app.made): Promise<Listening> {
  const module = made.app.modules[id];
  const webhook = made.app.webhooks[module?.webhook ?? ''];
  if (module === undefined || webhook === undefined) throw new Error(`No webhook wakes ${id}.`);
  const receiver = await openReceiver();
  const attached = await attach(webhook, { url: receiver.url, parameters }, made).catch(
    async (error: unknown) => {
      await receiver.close();
      throw error;
    },
  );
  const bundles: Section[] = [];
  receiver.answer(({ text }) => {
    const { status, payload } = receive(attached, text);
    if (payload !== undefined) {
      void runModule(module, {}, made, payload).then((ran) => {
        bundles.push(...ran.bundles);
      });
    }
    return status;
  });
  const path = `/v1/hooks/deliveries?id=${String(attached.kept['externalHookId'])}`;
  const log = async () => (await call<{ items: Logged[] }>(at.world, 'GET', path)).items;
  listening.push({ attached, receiver, bundles, log });
  return { attached, receiver, bundles, log };
}

let job = '';
let count = 0;
beforeEach(() => {
  count += 1;
  job = `instant-${String(count)}`;
});

const claim = async (key: string, more: Record<string, unknown> = {}) =>
  bundleOf(await at.app.run('claimKey', { job, key, hold_minutes: 1, ...more }));
const die = () => {
  at.world.advance(MINUTE_MS);
};

test('a run that died wakes the scenario once, with key, job, time and what to do', async () => {
  const { bundles, log } = await listen('runDied');
  await claim('evt_1', { run_reference: 'run-7' });
  const diedAt = new Date(at.world.now() + MINUTE_MS).toISOString();
  die();
  await until(async () => (await log())[0]?.delivered_at !== null && bundles.length > 0);
  expect(bundles).toEqual([
    {
      id: expect.stringMatching(/^\d+$/),
      job,
      event_key: 'evt_1',
      key: `${job}:evt_1`,
      at: diedAt,
      run: 'run-7',
      platform: 'make',
      workflow: null,
      run_url: null,
      attempt: 1,
      first_seen_at: expect.stringMatching(/^2026-11-25T/),
      error_code: null,
      message: `Run Died: “${job}:evt_1” on ${shownTime(diedAt, at.world.now())}, on Make. ${triggersAsShown.runDied.todo}`,
    },
  ]);
  expect(await log()).toMatchObject([{ type: 'run_died', attempts: 1, status_code: 200 }]);
});

test('a claim whose answer was lost, and which stopped when it was repeated, is told as a run that died', async () => {
  const { bundles } = await listen('runDied', { job });
  const module = at.app.made.app.modules['claimKey'];
  if (module === undefined) throw new Error('No module.');
  // With the defaults: no Run reference, and a run that finds another at work stops.
  const given = { job, key: 'evt_1' };
  await runModule(module, given, at.app.made);
  const repeated = await runModule(module, given, at.app.made);
  expect(repeated.bundles).toEqual([]);
  expect(repeated.answered).toMatchObject({
    message: expect.stringContaining('Your OnceOnly server then tells of a run that died'),
  });
  at.world.advance(60 * MINUTE_MS);
  await until(() => bundles.length > 0);
  expect(bundles[0]).toMatchObject({ key: `${job}:evt_1` });
});

test.each<[TriggerId, () => Promise<unknown>]>([
  [
    'keyFailed',
    async () => {
      const { claim_token } = await claim('evt_1');
      await at.app.run('failKey', { claim_token, reason: 'card declined', retryable: false });
    },
  ],
  [
    'keyExhausted',
    async () => {
      const { claim_token } = await claim('evt_1', { max_attempts: 1 });
      await at.app.run('failKey', { claim_token, reason: 'timeout' });
      await at.app.run('claimKey', { job, key: 'evt_1' });
    },
  ],
  [
    'needsDecision',
    async () => {
      await claim('evt_1', { if_run_died: 'block' });
      die();
      await at.app.run('claimKey', { job, key: 'evt_1' });
    },
  ],
  [
    'duplicateStopped',
    async () => {
      const { claim_token } = await claim('evt_1');
      await at.app.run('completeKey', { claim_token });
      await at.app.run('claimKey', { job, key: 'evt_1' });
    },
  ],
])('%s wakes its scenario, and no other event does', async (id, happen) => {
  const { bundles, receiver } = await listen(id, { job });
  await happen();
  await until(() => bundles.length > 0);
  expect(bundles[0]).toMatchObject({ job, event_key: 'evt_1', key: `${job}:evt_1` });
  expect(new Set(receiver.received.map(({ type }) => type))).toEqual(new Set([triggers[id].event]));
});

test('with a job, only its events come', async () => {
  const { bundles } = await listen('runDied', { job: ` ${job} ` });
  const [ours, other] = [job, `${job}-other`];
  await claim('evt_1', { job: other });
  await claim('evt_2');
  die();
  await until(() => bundles.length > 0);
  await claim('evt_3', { job: other });
  await claim('evt_4');
  die();
  await until(() => bundles.length > 1);
  expect(bundles.map(({ key }) => key)).toEqual([`${ours}:evt_2`, `${ours}:evt_4`]);
});

describe.each(Object.entries(READINGS))(
  'as %s, what somebody else sends switches no scenario off',
  (_, reading) => {
    beforeEach(() => {
      readAs(reading);
    });
    afterAll(() => {
      readAs(READINGS.documented);
    });

    const forge = async (data: unknown): Promise<readonly Section[]> => {
      const { attached } = await listen('runDied', { job });
      const { status, payload } = receive(attached, JSON.stringify({ type: 'run_died', data }));
      expect(status).toBe(200);
      const module = at.app.made.app.modules['runDied'];
      if (module === undefined) throw new Error('No module.');
      return payload === undefined ? [] : (await runModule(module, {}, at.app.made, payload)).bundles;
    };

    test.each<[string, (key: string) => unknown]>([
      ['an event that nobody told of', (key) => ({ id: '7', key })],
      ['no data', () => undefined],
      ['an ID that is a number', (key) => ({ id: 7, key })],
      ['no text for a key', () => ({ id: '7', key: { a: ['b'] } })],
      ['a key that no store takes', () => ({ id: '7', key: 'a\u0000b' })],
      ['a long key', () => ({ id: '7', key: 'k'.repeat(5_000) })],
    ])('%s gives a bundle of a message and nothing else', async (_what, dataOf) => {
      await claim('evt_1');
      const [bundle = {}, ...others] = await forge(dataOf(`${job}:evt_1`));
      expect(others).toEqual([]);
      const { message, ...rest } = bundle;
      expect(message).toMatch(/^OnceOnly knows no such event\. Somebody else may have sent this/);
      expect(Object.keys(rest)).toEqual(
        triggers.runDied.outputs.map(({ id }) => id).filter((id) => id !== 'message'),
      );
      expect(new Set(Object.values(rest))).toEqual(new Set([null]));
    });

    test('what is larger than any event wakes nobody', async () => {
      expect(await forge({ id: '7', key: 'k'.repeat(300_000) })).toEqual([]);
    });
  },
);

test('once it is detached, nothing comes any more, and detaching again is no error', async () => {
  const { attached, receiver } = await listen('runDied', { job });
  const { bundles } = await listen('runDied', { job });
  await detach(attached, at.app.made);
  await claim('evt_1');
  die();
  await until(() => bundles.length > 0);
  expect(receiver.received).toEqual([]);
  await detach(attached, at.app.made);
});

test('Make’s log holds neither the API key nor the secret', async () => {
  const { attached } = await listen('runDied');
  const logged = JSON.stringify(at.app.made.log);
  expect(logged).toContain(String(attached.kept['externalHookId']));
  expect(logged).not.toContain(at.world.apiKey);
  expect(logged).not.toContain('whsec_');
});

describe('attaching fails with a sentence', () => {
  const attachAt = async (made: Made, url = 'https://hook.eu1.make.com/x') => {
    const webhook = made.app.webhooks['runDied'];
    if (webhook === undefined) throw new Error('No webhook.');
    return attach(webhook, { url }, made);
  };

  test('for an address that cannot be used', async () => {
    await expect(attachAt(at.app.made, 'ftp://example.com')).rejects.toMatchObject({
      type: 'DataError',
      message: expect.stringContaining('url: '),
    });
  });

  test('for a job that cannot be', async () => {
    await expect(listen('runDied', { job: 'a:b' })).rejects.toMatchObject({ type: 'BundleValidationError' });
  });

  test.each<[string, number, unknown, string, string]>([
    ['too many webhooks', 409, { error: 'too_many_hooks' }, 'DataError', 'Delete webhooks in Make'],
    [
      'a service that knows no hooks',
      404,
      'Not Found',
      'DataError',
      'connection to your own OnceOnly server',
    ],
  ])('for %s', async (_, status, detail, type, sentence) => {
    const stub = await openStub((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ detail }));
    });
    await expect(attachAt(await madeEarlier(stub.baseUrl))).rejects.toMatchObject({
      type,
      message: expect.stringContaining(sentence),
    });
  });

  test.each(['<html>Log in</html>', '{"ok":true}'])('where something else answers: %s', async (body) => {
    const stub = await openStub((_request, response) => {
      response.writeHead(200, { 'content-type': body.startsWith('{') ? 'application/json' : 'text/html' });
      response.end(body);
    });
    const made = await madeEarlier(stub.baseUrl);
    await expect(attachAt(made)).rejects.toMatchObject({ type: 'ConnectionError' });
  });
});

describe('the hosted API', () => {
  const hosted = useApp({ hostedOnly: {} });

  test('is said not to send events', async () => {
    const { made } = await openApp(hosted.world);
    await expect(listen('runDied', {}, made)).rejects.toMatchObject({
      message: expect.stringContaining(
        'does not offer that. Choose a connection to your own OnceOnly server',
      ),
    });
  });
});
