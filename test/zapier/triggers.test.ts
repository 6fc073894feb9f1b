import { triggers, type TriggerId } from '@onceonly/shared';
import type { PlainOutputField } from 'zapier-platform-core';
import { openTrigger, type ZapierTrigger } from '../platforms/zapier-trigger.ts';
import { openZapier } from '../platforms/zapier.ts';
import { openWorld } from '../world.ts';
import { hooksOf, subscribedBy } from './hooks.ts';
import { openProxy } from './proxy.ts';
import { useZapier } from './setting.ts';
import { misfits } from './types.ts';

const URL_OF_ZAP = 'https://hooks.zapier.com/hooks/standard/1/abc/';

const setting = useZapier();
const hooks = (): ReturnType<typeof hooksOf> => hooksOf(setting.world);

const trigger = (id: TriggerId, inputData = {}): ZapierTrigger => openTrigger(setting.zapier, id, inputData);

/** A trigger whose connection has another address or key. */
const triggerWith = async (connection: object, inputData = {}): Promise<ZapierTrigger> =>
  openTrigger(await openZapier({ ...setting.world, ...connection }, setting.process), 'runDied', inputData);

const failed = async (job = setting.event.job): Promise<void> => {
  const { claim_token } = await setting.outputs('claimKey', { ...setting.event, job });
  await setting.outputs('failKey', { claim_token, reason: 'card declined' });
};

test('before anything happened there is nothing to list', async () => {
  const quiet = await openWorld();
  try {
    const zapier = await openZapier(quiet, setting.process);
    for (const id of Object.keys(triggers) as TriggerId[])
      expect([id, await openTrigger(zapier, id, {}).list()]).toEqual([id, { events: [] }]);
  } finally {
    await quiet.close();
  }
});

test('a Zap that is turned on and off leaves no hook behind', async () => {
  for (const id of Object.keys(triggers) as TriggerId[]) {
    const subscribed = await subscribedBy(trigger(id, { job: '' }), URL_OF_ZAP);
    expect(subscribed).toEqual({
      id: expect.stringMatching(/^hook_/),
      secret: expect.stringMatching(/^whsec_/),
    });
    expect(await hooks()).toMatchObject([{ url: URL_OF_ZAP, events: [triggers[id].event], job: null }]);
    expect(setting.process.log()).not.toContain(subscribed.secret);
    expect(await trigger(id).unsubscribe(subscribed)).toEqual({ results: {} });
    expect(await hooks()).toEqual([]);
  }
});

test('a Zap that is turned on again, its first hook unknown to it, has one hook', async () => {
  const lost = await subscribedBy(trigger('runDied', { job: '' }), URL_OF_ZAP);
  const other = await subscribedBy(trigger('runDied', { job: '' }), `${URL_OF_ZAP}other/`);
  const kept = await subscribedBy(trigger('runDied', { job: '' }), URL_OF_ZAP);
  expect(kept.id).not.toBe(lost.id);
  expect((await hooks()).map(({ id }) => id).sort()).toEqual([kept.id, other.id].sort());
  await trigger('runDied').unsubscribe(kept);
  await trigger('runDied').unsubscribe(other);
});

test('with a job, only its events are told and listed', async () => {
  const ofOrders = trigger('keyFailed', { job: ' orders ' });
  const subscribed = await subscribedBy(ofOrders, URL_OF_ZAP);
  expect(await hooks()).toMatchObject([{ job: 'orders' }]);
  await ofOrders.unsubscribe(subscribed);

  await failed('orders');
  await failed('invoices');
  const { key } = setting.event;
  expect(await ofOrders.list()).toMatchObject({ events: [{ key: `orders:${key}` }] });
  const all = await trigger('keyFailed').list();
  if (!('events' in all)) throw new Error(all.error.message);
  expect(all.events.slice(0, 2)).toMatchObject([{ key: `invoices:${key}` }, { key: `orders:${key}` }]);
  expect(await trigger('keyExhausted').list()).toEqual({ events: [] });
});

test('what is listed is as the definition says, the newest first and three at most', async () => {
  for (const job of ['a', 'b', 'c', 'd']) await failed(job);
  const listed = await trigger('keyFailed').list();
  if (!('events' in listed)) throw new Error(listed.error.message);
  expect(listed.events.map(({ job }) => job)).toEqual(['d', 'c', 'b']);
  const fields = (await setting.zapier.execute(
    'triggers.keyFailed.operation.outputFields',
  )) as PlainOutputField[];
  for (const event of listed.events) {
    expect(Object.keys(event)).toEqual(fields.map(({ key }) => key));
    expect(misfits(event, fields)).toEqual([]);
  }
});

test.each([
  ['is gone', { id: 'hook_gone', secret: 'whsec_AAAA' }],
  ['never was', {}],
])('a Zap is turned off although its hook %s', async (_, subscribeData) => {
  expect(await trigger('runDied').unsubscribe(subscribeData)).toEqual({ results: {} });
});

test('a job that no key can have is refused by name', async () => {
  const ofJob = trigger('runDied', { job: 'a:b' });
  const refused = {
    error: { name: 'AppError', code: 'invalid_input', message: expect.stringContaining('“Job Name”') },
  };
  expect(await ofJob.subscribe(URL_OF_ZAP)).toMatchObject(refused);
  expect(await ofJob.list()).toMatchObject(refused);
});

test('the hosted service is told apart: a trigger needs your own server', async () => {
  const hosted = await openWorld(undefined, { hostedOnly: {} });
  try {
    const ofHosted = await triggerWith(hosted);
    const error = {
      error: {
        name: 'AppError',
        code: 'no_hooks',
        message: expect.stringMatching(/work only with your own OnceOnly server/),
      },
    };
    expect(await ofHosted.list()).toMatchObject(error);
    expect(await ofHosted.subscribe(URL_OF_ZAP)).toMatchObject(error);
  } finally {
    await hosted.close();
  }
});

test('a key that is not accepted is a sentence', async () => {
  const revoked = await triggerWith({ apiKey: 'once_live_revoked' });
  const error = { error: { name: 'AppError', code: 'unauthorized' } };
  expect(await revoked.list()).toMatchObject(error);
  expect(await revoked.subscribe(URL_OF_ZAP)).toMatchObject(error);
  expect(await revoked.unsubscribe({ id: 'hook_1' })).toMatchObject(error);
});

test('as many hooks as a server takes: says what to turn off', async () => {
  for (let zap = 0; ; zap += 1) {
    const subscribed = await trigger('runDied').subscribe(`${URL_OF_ZAP}${String(zap)}/`);
    if ('subscribed' in subscribed) continue;
    expect(subscribed.error).toMatchObject({ name: 'AppError', code: 'too_many_hooks' });
    break;
  }
  for (const { id } of await hooks()) await trigger('runDied').unsubscribe({ id });
  expect(await hooks()).toEqual([]);
});

test('a subscription whose answer is lost is made once', async () => {
  const proxy = await openProxy(setting.world.baseUrl);
  try {
    const behind = await triggerWith({ baseUrl: proxy.baseUrl });
    await behind.list();
    proxy.dropAnswerTo('POST');
    const { id } = await subscribedBy(behind, URL_OF_ZAP);
    expect(await hooks()).toMatchObject([{ id }]);
    await behind.unsubscribe({ id });
  } finally {
    await proxy.close();
  }
});

describe('what stands in the place of the server', () => {
  const ME = '{"plan":"self-hosted","capabilities":["hooks"]}';
  const unexpected = { error: { name: 'AppError', code: 'unexpected_answer' } };

  test.each([
    [200, '{"ok":true}'],
    [200, '{"ok":true,"status":"ok","items":"none"}'],
    [200, '{"items":[{"type":"another"}]}'],
    [200, '{"items":["x"]}'],
    [404, '{"detail":"Not Found"}'],
    [404, '<h1>Not Found</h1>'],
  ])('answers %i %s: neither ends a hook, nor lists what happened', async (status, body) => {
    const proxy = await openProxy(setting.world.baseUrl);
    try {
      const behind = await triggerWith({ baseUrl: proxy.baseUrl });
      proxy.answerEach((line) => (line.includes('/v1/me') ? [200, ME] : [status, body]));
      const [ended, listed] = await Promise.all([behind.unsubscribe({ id: 'hook_1' }), behind.list()]);
      expect(ended).toMatchObject(unexpected);
      expect(listed).toMatchObject(unexpected);
    } finally {
      await proxy.close();
    }
  });
});
