import { createHmac } from 'node:crypto';
import { isSigned, readDelivery, sampleOf, triggers, type Trigger } from '@onceonly/shared';
import { loadApp, type LoadedApp } from './engine/app.ts';
import { receive, type Arrived, type Attached, type Received } from './engine/webhook.ts';

/** The example of the Standard Webhooks libraries. */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const NOW = Date.parse('2026-11-25T10:30:00.500Z');
const SECONDS = Math.floor(NOW / 1_000);

let app: LoadedApp;
beforeAll(async () => {
  app = await loadApp();
});

const all: readonly (readonly [string, Trigger])[] = Object.entries(triggers);

const attached = (id: string, kept = { externalHookId: 'hook_1', secret: SECRET }): Attached => {
  const webhook = app.webhooks[id];
  if (webhook === undefined) throw new Error(`There is no webhook ${id}.`);
  return { webhook, parameters: {}, kept };
};

/** What the service sends, signed as Standard Webhooks say. */
function delivery(body: string, { secret = SECRET, at = SECONDS, id = 'msg_1' } = {}): Arrived {
  const signature = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
    .update(`${id}.${String(at)}.${body}`)
    .digest('base64');
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(at),
    'webhook-signature': `v1,${signature}`,
  };
  return { method: 'POST', headers, body };
}

const bodyOf = ({ event, sampleEvent }: Trigger, type: string = event): string =>
  JSON.stringify({ type, timestamp: '2026-11-25T10:30:00.000Z', data: sampleEvent });

const arrives = (arrived: Arrived, to = attached('runDied')): Received => receive(to, arrived, NOW);

describe.each(all)('the trigger %s', (id, trigger) => {
  test('gives one bundle of its own event, as the other platforms give it', () => {
    const body = bodyOf(trigger);
    const { status, bundle } = arrives(delivery(body), attached(id));
    expect(status).toBe(200);
    expect(bundle).toEqual(readDelivery(trigger, JSON.parse(body)));
  });

  test('passes over another event, which is no fault', () => {
    expect(arrives(delivery(bodyOf(trigger, 'completed')), attached(id))).toEqual({ status: 200 });
  });

  test('shows samples, fields and types of the shared definition', () => {
    const module = app.modules[id];
    const types = { text: 'text', integer: 'integer', boolean: 'boolean', date: 'date', json: 'any' };
    expect(module).toMatchObject({ type: 'instant_trigger', webhook: id, parameters: [] });
    expect(module?.samples).toEqual(sampleOf(trigger));
    expect(module?.interface.map(({ name, type }) => [name, type])).toEqual(
      trigger.outputs.map((output) => [output.id, types[output.type]]),
    );
    expect(app.webhooks[id]?.parameters.map(({ name, required }) => [name, required])).toEqual(
      trigger.fields.map((field) => [field.id, field.required ?? false]),
    );
  });
});

test('every member that an event may lack is null in the bundle', () => {
  const body = JSON.stringify({ type: 'run_died', data: { id: '7' } });
  expect(arrives(delivery(body)).bundle).toEqual(readDelivery(triggers.runDied, JSON.parse(body)));
});

test('text beyond ASCII, and what JSON escapes, is signed as it was sent', () => {
  const data = { ...triggers.runDied.sampleEvent, key: 'Grüße:注文 🎈\n"\\/\u2028' };
  const body = JSON.stringify({ type: 'run_died', data });
  expect(arrives(delivery(body)).bundle).toMatchObject({ key: data.key });
});

describe('a delivery', () => {
  const body = bodyOf(triggers.runDied);
  const good = delivery(body);
  const headers = (more: Record<string, unknown>): Arrived => ({
    ...good,
    headers: { ...good.headers, ...more },
  });
  const without = (name: string): Arrived => ({
    ...good,
    headers: Object.fromEntries(Object.entries(good.headers).filter(([each]) => each !== name)),
  });

  test.each<[string, Arrived, boolean]>([
    ['as it was signed', good, true],
    [
      'with one of several signatures',
      headers({ 'webhook-signature': `v1,AA== ${String(good.headers['webhook-signature'])}` }),
      true,
    ],
    ['signed almost five minutes ago', delivery(body, { at: SECONDS - 299 }), true],
    ['signed over five minutes ago', delivery(body, { at: SECONDS - 301 }), false],
    [
      'signed with another secret',
      delivery(body, { secret: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }),
      false,
    ],
    ['with another body', { ...good, body: body.replace('run_died', 'run_dies') }, false],
    ['with another id', headers({ 'webhook-id': 'msg_2' }), false],
    ['with another time', headers({ 'webhook-timestamp': String(SECONDS + 1) }), false],
    ['with a time that is none', headers({ 'webhook-timestamp': 'now' }), false],
    [
      'with a cut signature',
      headers({ 'webhook-signature': String(good.headers['webhook-signature']).slice(0, 20) }),
      false,
    ],
    [
      'with another version only',
      headers({ 'webhook-signature': String(good.headers['webhook-signature']).replace('v1,', 'v2,') }),
      false,
    ],
    ['with an empty signature', headers({ 'webhook-signature': '' }), false],
    ['without an id', without('webhook-id'), false],
    ['without a time', without('webhook-timestamp'), false],
    ['without a signature', without('webhook-signature'), false],
    ['without a body', { ...good, body: '' }, false],
    ['that is no JSON', { ...headers({ 'content-type': 'text/plain' }), body: 'hello' }, false],
  ])('%s is taken or refused, as isSigned does it', (_, arrived, taken) => {
    expect(isSigned(arrived, { secret: SECRET, now: NOW })).toBe(taken);
    const { status, bundle } = arrives(arrived);
    expect([status, bundle !== undefined]).toEqual(taken ? [200, true] : [401, false]);
  });

  test.each(['', 'whsec_', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])(
    'is refused where the secret is %j, whoever signed it',
    (secret) => {
      for (const key of [secret, 'whsec_'])
        expect(
          arrives(delivery(body, { secret: key }), attached('runDied', { externalHookId: 'hook_1', secret })),
        ).toEqual({ status: 401 });
    },
  );

  test('that cannot be read is refused', () => {
    expect(arrives({ ...good, body: '{"type":' }).bundle).toBeUndefined();
  });
});
