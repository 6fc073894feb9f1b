import { openGithub } from '../sources/senders/github.ts';
import { deliverTogether } from '../sources/senders/hubspot.ts';
import type { Sender } from '../sources/senders/sender.ts';
import { stripe } from '../sources/senders/stripe.ts';
import { useN8n } from './setting.ts';
import { claim, complete } from './steps.ts';
import { type Step, webhook, work, workflow } from './workflow.ts';

/** Keys from what the Webhook node hands on, in the fields as they are when a user chooses nothing else. */

const HEADERS = '={{ $json.headers }}';
const BODY = '={{ $json.headers ? $json.body : $json }}';
const DETECT = { key: '', key_from: 'detect', headers: HEADERS, payload: BODY };

const rawWebhook = (path: string): Step => ({
  ...webhook(path),
  parameters: { httpMethod: 'POST', path, options: { rawBody: true } },
});
let github: Sender;
beforeAll(async () => {
  github = await openGithub();
});

/** Works on what the claim said of the event. */
const workOf = (url: string): Step => work(url, '={{ $json.onceonly.key }}');
/** What a sender's own trigger gives: the event, without headers. */
const native: Step = {
  name: 'Native',
  type: 'n8n-nodes-base.set',
  typeVersion: 3.4,
  parameters: { mode: 'raw', jsonOutput: '={{ JSON.stringify($json.body) }}', options: {} },
};

const setting = useN8n({
  workflows: ({ receiver: { url } }) => [
    workflow('detect', [webhook('detect'), claim(DETECT), workOf(url), complete()]),
    workflow('native', [webhook('native'), native, claim(DETECT), workOf(url), complete()]),
    workflow('signed', [
      rawWebhook('signed'),
      claim({ ...DETECT, options: { signing_secret: github.secret } }),
      workOf(url),
      complete(),
    ]),
    workflow('unraw', [
      webhook('unraw'),
      claim({ ...DETECT, options: { signing_secret: 's' } }),
      workOf(url),
    ]),
    workflow('fields', [
      webhook('fields'),
      claim({ key: '', key_from: 'fields', fields: 'body.order.id\nbody.line' }),
      workOf(url),
      complete(),
    ]),
    workflow('whole', [webhook('whole'), claim({ key: '', key_from: 'whole' }), workOf(url), complete()]),
  ],
});

const keysOf = (job: string): readonly string[] =>
  setting.receiver.all.filter((id) => id.startsWith(`${job}:`));
const errorOf = async (id: string): Promise<string> => {
  const { error } = await setting.n8n.executions.data(id);
  return error?.message ?? '';
};

test.each(['github', 'stripe'])(
  'of an event of %s that comes twice, one goes on, and the next too',
  async (name) => {
    const sender = name === 'github' ? github : stripe;
    const before = keysOf('detect').length;
    for (const [event, attempt] of [
      [0, 0],
      [0, 1],
      [1, 0],
    ] as const)
      await setting.deliverAs('detect', sender.deliver(event, attempt));
    expect(keysOf('detect')).toHaveLength(before + 2);
  },
);

test('the claim says who was recognised, and Mark Complete finds it', async () => {
  const { id } = await setting.deliverAs('detect', stripe.deliver(2, 0));
  const { runData } = await setting.n8n.executions.data(id);
  expect(runData['Claim']?.[0]?.data?.['main']?.[0]?.[0]?.json).toMatchObject({
    onceonly: { source: 'stripe', key: expect.stringMatching(/^detect:evt_/) },
  });
  expect(runData['Complete']?.[0]?.data?.['main']?.[0]).toHaveLength(1);
});

test('the item of a sender’s own trigger is recognised by itself, where it is the event', async () => {
  await setting.deliverAs('native', stripe.deliver(3, 0));
  await setting.deliverAs('native', stripe.deliver(3, 1));
  expect(keysOf('native')).toEqual([expect.stringMatching(/^native:evt_/)]);
});

test('where a signing secret is set, a forged delivery stops with an error and claims nothing', async () => {
  const { headers, payload } = github.deliver(2, 0);
  const forged = await setting.deliverAs('signed', { headers, payload: payload.replace('{', '{"a":1,') });
  expect(forged.status).toBe('error');
  expect(await errorOf(forged.id)).toContain('The signature does not match.');
  expect(keysOf('signed')).toEqual([]);
  await setting.deliverAs('signed', { headers, payload });
  await setting.deliverAs('signed', github.deliver(2, 1));
  expect(keysOf('signed')).toHaveLength(1);
});

test('without the body as it came, a signature is not taken for checked', async () => {
  const { id, status } = await setting.deliverAs('unraw', github.deliver(3, 0));
  expect(status).toBe('error');
  expect(await errorOf(id)).toContain('“Webhook Body” must be the raw body, as text');
  expect(keysOf('unraw')).toEqual([]);
});

test('a body of several events is refused, and the sentence says to split it', async () => {
  const { id } = await setting.deliverAs('detect', deliverTogether([0, 1, 2], 0));
  expect(await errorOf(id)).toContain('holds 3 events');
  expect(await errorOf(id)).toContain('Split it');
});

test('chosen fields of the item make the key; a missing one is named', async () => {
  const deliver = (order: object, at: string) => setting.deliver('fields', { order, line: 1, at });
  await deliver({ id: 7 }, 'monday');
  await deliver({ id: 7 }, 'tuesday');
  await deliver({ id: 8 }, 'monday');
  expect(keysOf('fields')).toHaveLength(2);
  const [execution] = await deliver({}, 'monday');
  expect(await errorOf(execution?.id ?? '')).toContain('“Chosen Fields” names “order.id”');
});

test('the whole item of a Webhook node is its body, and nothing of that is left out by its name', async () => {
  const deliver = (id: number, attempt: number, request: string) =>
    setting.deliverAs('whole', {
      headers: { 'x-request-id': request },
      payload: JSON.stringify({ id, attempt }),
    });
  await deliver(7, 1, 'a');
  await deliver(7, 1, 'b');
  await deliver(7, 2, 'a');
  await deliver(8, 1, 'a');
  expect(keysOf('whole')).toHaveLength(3);
});
