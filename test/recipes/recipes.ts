import { asText, isObject, type Json } from '@onceonly/shared/json.ts';
import { openGithub } from '../sources/senders/github.ts';
import { generic } from '../sources/senders/generic.ts';
import { hubspot } from '../sources/senders/hubspot.ts';
import type { SentDelivery, Sender } from '../sources/senders/sender.ts';
import { shopify } from '../sources/senders/shopify.ts';
import { slack } from '../sources/senders/slack.ts';
import { standardWebhooks } from '../sources/senders/standard-webhooks.ts';
import { stripe } from '../sources/senders/stripe.ts';
import { twilio } from '../sources/senders/twilio.ts';
import { typeform } from '../sources/senders/typeform.ts';

/** What a guide says to enter as Key, and the deliveries that it must tell apart. */
export interface Recipe {
  /** The guide's title. */
  readonly source: string;
  /** In `docs/guides/`. */
  readonly guide: string;
  /** As n8n writes it; on the other platforms the same fields are mapped. */
  readonly key: string;
  /** Whether the body is a list, to be split before. */
  readonly split?: true;
  /** Whether Key From may also be set to detect. */
  readonly detected?: true;
  /** The nth event, delivered for the first time or again. */
  deliver(event: number, attempt: number): SentDelivery;
}

/** What a platform's trigger hands over: the body read, the names of headers in lower case. */
export interface Received {
  /** The body as it came. */
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
}

const of = (sender: Pick<Sender, 'deliver'>, recipe: Omit<Recipe, 'deliver'>): Recipe => ({
  ...recipe,
  deliver: sender.deliver,
});

/** Whoever sends the same JSON again. */
const json = (bodyOf: (event: number) => object): Pick<Sender, 'deliver'> => ({
  deliver: (event) => ({
    payload: JSON.stringify(bodyOf(event)),
    headers: { 'content-type': 'application/json' },
  }),
});

const mail = json((event) => ({ message_id: `<${String(event)}.order@mail.example.com>`, subject: 'Order' }));
const row = json((event) => ({ customer_id: `C-${String(event)}`, name: 'Ada' }));
const form = json((event) => ({ submission: `5f8d2b7c-${String(event)}`, email: 'ada@example.com' }));
const agent = json((event) => ({
  run: `task-${String(event)}`,
  tool: 'place_order',
  input: { order_id: '1042' },
}));

export const openRecipes = async (): Promise<readonly Recipe[]> => [
  of(stripe, { source: 'Stripe', guide: 'stripe.md', detected: true, key: '{{ $json.body.id }}' }),
  of(shopify, {
    source: 'Shopify',
    guide: 'shopify.md',
    detected: true,
    key: "{{ $json.headers['x-shopify-webhook-id'] }}",
  }),
  of(await openGithub(), {
    source: 'GitHub',
    guide: 'github.md',
    detected: true,
    key: "{{ $json.headers['x-github-delivery'] }}",
  }),
  of(slack, { source: 'Slack', guide: 'slack.md', detected: true, key: '{{ $json.body.event_id }}' }),
  of(standardWebhooks, {
    source: 'Standard Webhooks',
    guide: 'standard-webhooks.md',
    detected: true,
    key: "{{ $json.headers['webhook-id'] }}",
  }),
  of(twilio, {
    source: 'Twilio',
    guide: 'twilio.md',
    detected: true,
    key: "{{ $json.headers['i-twilio-idempotency-token'] }}",
  }),
  of(hubspot, {
    source: 'HubSpot',
    guide: 'hubspot.md',
    detected: true,
    split: true,
    key: '{{ $json.portalId }}-{{ $json.subscriptionId }}-{{ $json.objectId }}-{{ $json.eventId }}-{{ $json.occurredAt }}',
  }),
  of(typeform, {
    source: 'Typeform',
    guide: 'typeform.md',
    detected: true,
    key: '{{ $json.body.form_response.token }}',
  }),
  of(generic, {
    source: 'Any other webhook',
    guide: 'generic.md',
    detected: true,
    key: '{{ $json.body.event }}:{{ $json.body.order.id }}',
  }),
  of(mail, { source: 'E-mail', guide: 'email.md', key: '{{ $json.body.message_id }}' }),
  of(row, { source: 'Database rows', guide: 'database-rows.md', key: '{{ $json.body.customer_id }}' }),
  of(form, { source: 'Forms', guide: 'forms.md', key: '{{ $json.body.submission }}' }),
  of(agent, {
    source: 'AI agents',
    guide: 'ai-agents.md',
    key: '{{ $json.body.run }}:{{ $json.body.tool }}:{{ $json.body.input.order_id }}',
  }),
];

export function recipeFor(recipes: readonly Recipe[], source: string): Recipe {
  const recipe = recipes.find((each) => each.source === source);
  if (recipe === undefined) throw new Error(`There is no recipe for ${source}.`);
  return recipe;
}

/** What a trigger makes of a delivery; of a list, once it is split, its only member. */
export function received({ split }: Recipe, { headers, payload }: SentDelivery): Received {
  const names = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const isForm = names.some(([, value]) => value.startsWith('application/x-www-form-urlencoded'));
  const body = isForm
    ? Object.fromEntries(new URLSearchParams(payload))
    : (JSON.parse(payload) as Json | readonly Json[]);
  return {
    text: split ? JSON.stringify(memberOf(body)) : payload,
    headers: Object.fromEntries(names),
    body: split ? memberOf(body) : body,
  };
}

const memberOf = (body: Json): Json => (Array.isArray(body) ? ((body as Json[])[0] ?? null) : body);

/** The key with the fields that it names filled in, as each platform does it. */
export const keyOf = ({ key, split }: Recipe, got: Received): string =>
  fill(key, split ? got.body : { headers: got.headers, body: got.body });

/** What is entered, with the fields of an item that it names. */
export const fill = (entered: string, item: Json): string =>
  entered.replaceAll(/\{\{ \$json((?:\.\w+|\['[\w-]+'\])+) \}\}/g, (_whole, path: string) => {
    const names = [...path.matchAll(/\.(\w+)|\['([\w-]+)'\]/g)].map(
      ([, dotted, quoted]) => dotted ?? quoted ?? '',
    );
    const found = names.reduce<Json | undefined>(
      (value, name) => (isObject(value) ? value[name] : undefined),
      item,
    );
    if (found === undefined) throw new Error(`The delivery has no ${path}.`);
    return asText(found);
  });
