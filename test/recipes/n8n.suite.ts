import axios from 'axios';
import { openThinker, type Thinker } from '../effects/thinker.ts';
import { openClient } from '../platforms/client.ts';
import { useN8n } from '../n8n/setting.ts';
import { claim, complete } from '../n8n/steps.ts';
import { webhook, work, workflow, type Step } from '../n8n/workflow.ts';
import { codeIn, onN8n, rowOf, sectionOf } from './guide.ts';
import { enteredIn, keyOn, openRecipes, recipeFor, type Recipe } from './recipes.ts';

const STRIPE = onN8n('Stripe');

const EVENTS = [0, 1];
const ATTEMPTS = [0, 0, 1, 2];

let recipes: readonly Recipe[];
let thinker: Thinker;
beforeAll(async () => {
  recipes = await openRecipes();
  thinker = await openThinker(() => 2);
});
afterAll(() => thinker.close());

const keyIn = (recipe: Recipe): string => `=${codeIn(enteredIn(recipe, 'Key').n8n)}`;
const splits = (recipe: Recipe): boolean => enteredIn(recipe, 'Trigger').n8n.includes('_Split Out_');
const isDetected = ({ detectedOn }: Recipe): boolean => detectedOn.includes('n8n');
const idOf = ({ guide }: Recipe): string => guide.replace('.md', '');

const splitOut: Step = {
  name: 'Split Out',
  type: 'n8n-nodes-base.splitOut',
  typeVersion: 1,
  parameters: { fieldToSplitOut: 'body', options: {} },
};

/** Gives Slack's challenge back, as the guide says. */
const RAW_WEBHOOK = sectionOf('slack.md', 'With a raw webhook').replaceAll(/\s+/g, ' ');
const respondToSlack: Step = {
  name: 'Respond to Webhook',
  type: 'n8n-nodes-base.respondToWebhook',
  typeVersion: 1.5,
  parameters: {
    respondWith: 'text',
    responseBody: `=${/_Text_, `([^`]+)`/.exec(RAW_WEBHOOK)?.[1] ?? ''}`,
    options: {},
  },
};

const askModel = (url: string): Step => ({
  name: 'Model',
  type: 'n8n-nodes-base.httpRequest',
  typeVersion: 4.3,
  parameters: {
    method: 'POST',
    url,
    sendBody: true,
    specifyBody: 'json',
    jsonBody: "={{ { messages: [{ role: 'user', content: $json.body.ticket }] } }}",
    options: {},
  },
});

const setting = useN8n({
  workflows: ({ receiver: { url } }) => [
    ...recipes.map((recipe) => {
      const key = keyIn(recipe);
      const split = splits(recipe) ? [splitOut] : [];
      const job = codeIn(enteredIn(recipe, 'Job Name').n8n);
      return workflow(idOf(recipe), [
        webhook(idOf(recipe)),
        ...split,
        claim({ job, key }),
        work(url, key),
        complete(),
      ]);
    }),
    ...recipes.filter(isDetected).map((recipe) => {
      const id = `detect-${idOf(recipe)}`;
      const split = splits(recipe) ? [splitOut] : [];
      const [headers, body] = ['Webhook Headers', 'Webhook Body'].map(
        (name) => `=${codeIn(rowOf('../key-from.md', 'What to map', name).n8n)}`,
      );
      const payload = splits(recipe) ? '={{ $json }}' : body;
      const given = { job: `detect ${recipe.source}`, key_from: 'detect', headers, payload };
      const key = keyIn(recipe).replace('{{', '{{ "detected " + ');
      return workflow(id, [webhook(id), ...split, claim(given), work(url, key), complete()]);
    }),
    workflow('unguarded', [webhook('unguarded'), work(url, '={{ $json.body.id }}')]),
    workflow('stripe-newer', [
      webhook('stripe-newer'),
      claim({
        ...{
          job: 'newer',
          key_from: 'detect',
          headers: '={{ $json.headers }}',
          payload: '={{ $json.body }}',
        },
        options: { group: STRIPE.group, sequence: STRIPE.sequence },
      }),
      work(url, '=newer {{ $json.body.id }}'),
      complete(),
    ]),
    workflow('challenge', [webhook('challenge', 'responseNode'), respondToSlack]),
    workflow('challenge-left', [webhook('challenge-left'), respondToSlack]),
    workflow('models', [
      webhook('models'),
      claim({ job: 'answer ticket', key: '={{ $json.body.ticket }}', options: { max_attempts: 3 } }),
      askModel(thinker.url),
      complete({ result: '={{ JSON.stringify($json) }}', options: { reject_empty: true } }),
    ]),
  ],
});

async function send(path: string, { payload, headers }: ReturnType<Recipe['deliver']>): Promise<void> {
  const json = { 'content-type': 'application/json' };
  const { status } = await axios.post<unknown>(`${setting.n8n.url}/webhook/${path}`, payload, {
    headers: {
      ...json,
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    },
    proxy: false,
    transformRequest: (text: string) => text,
  });
  expect(status).toBe(200);
}

test.each([
  ...['Stripe', 'Shopify', 'GitHub', 'Slack', 'Standard Webhooks', 'Twilio', 'HubSpot', 'Typeform'],
  ...['Any other webhook', 'E-mail', 'Database rows', 'Forms', 'AI agents'],
])('%s: each event is done once', async (source) => {
  const recipe = recipeFor(recipes, source);
  const deliveries = EVENTS.flatMap((event) => ATTEMPTS.map((attempt) => recipe.deliver(event, attempt)));
  for (const id of isDetected(recipe) ? [idOf(recipe), `detect-${idOf(recipe)}`] : [idOf(recipe)]) {
    await Promise.all(deliveries.map((delivery) => send(id, delivery)));
    const executions = await setting.n8n.executions.settled(id, deliveries.length);
    expect(executions.map(({ status }) => status)).toEqual(deliveries.map(() => 'success'));
  }
  const keys = EVENTS.map((event) => keyOn('n8n', recipe, recipe.deliver(event, 0)));
  const ids = isDetected(recipe) ? keys.flatMap((key) => [key, `detected ${key}`]) : keys;
  const { done } = setting.receiver;
  expect(ids.map((id) => [id, done(id)])).toEqual(ids.map((id) => [id, 1]));
});

test('without the steps, each delivery is worked on', async () => {
  await setting.deliver('unguarded', ...ATTEMPTS.map(() => ({ id: 'unguarded-1' })));
  expect(setting.receiver.done('unguarded-1')).toBe(ATTEMPTS.length);
});

test('Stripe: an older change does not follow a newer one', async () => {
  // Of one object, the second of them later.
  const [older, newer] = [0, 8].map((event) => recipeFor(recipes, 'Stripe').deliver(event, 0));
  const again = recipeFor(recipes, 'Stripe').deliver(8, 1);
  const before = setting.receiver.all.length;
  for (const delivery of [newer, again, older])
    if (delivery !== undefined) await setting.deliverAs('stripe-newer', delivery);
  const id = (JSON.parse(again.payload) as { id: string }).id;
  expect(setting.receiver.all.slice(before)).toEqual([`newer ${id}`]);
});

test('Slack: its challenge is given back, and the node that does so must be gone before events come', async () => {
  const challenge = '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P';
  const answer = (path: string) =>
    axios.post<unknown>(
      `${setting.n8n.url}/webhook/${path}`,
      { type: 'url_verification', challenge },
      { proxy: false, validateStatus: null },
    );
  expect(await answer('challenge')).toMatchObject({ status: 200, data: challenge });
  expect(await answer('challenge-left')).toMatchObject({ status: 500 });
  expect(RAW_WEBHOOK).toContain('delete _Respond to Webhook_, and set _Respond_ to _Immediately_');
});

test('Models that return nothing: asked until it answers, and then no more', async () => {
  const statuses: unknown[] = [];
  for (let delivery = 1; delivery <= 4; delivery += 1) {
    await setting.deliver('models', { ticket: 'ticket-1' });
    const seen = await openClient(setting.world).run('getKey', { job: 'answer ticket', key: 'ticket-1' });
    statuses.push(seen.kind === 'continued' ? seen.outputs['status'] : seen);
  }
  expect(statuses).toEqual(['failed', 'failed', 'completed', 'completed']);
  expect(thinker.calls).toBe(3);
});
