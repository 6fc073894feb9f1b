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
import { guideText, rowOf, type PlatformName, type Row } from './guide.ts';
import { filled } from './triggers.ts';

/** A guide for a sender, and the deliveries that its key must tell apart. */
export interface Recipe {
  /** The guide's title. */
  readonly source: string;
  /** In `docs/guides/`. */
  readonly guide: string;
  /** Where Key From may also be set to detect. */
  readonly detectedOn: readonly PlatformName[];
  /** The nth event, delivered for the first time or again. */
  deliver(event: number, attempt: number): SentDelivery;
}

/** The section of a guide that is played. */
const RAW = 'With a raw webhook';

/** A row of its table. */
export const enteredIn = ({ guide }: Recipe, name: string): Row => rowOf(guide, RAW, name);

/** The key that a platform makes of a delivery by what the guide says to enter. */
export const keyOn = (platform: PlatformName, recipe: Recipe, delivery: SentDelivery): string =>
  String(
    filled(platform, enteredIn(recipe, 'Key')[platform], enteredIn(recipe, 'Trigger')[platform], delivery),
  );

/** What is mapped where Key From is set to detect. */
export function detectOn(
  platform: PlatformName,
): (delivery: SentDelivery) => Record<'headers' | 'payload', unknown> {
  const row = (name: string): string => rowOf('../key-from.md', 'What to map', name)[platform];
  const fill = (name: string, delivery: SentDelivery): unknown =>
    filled(platform, row(name), row('Trigger'), delivery);
  return (delivery) => ({
    headers: fill('Webhook Headers', delivery),
    payload: fill('Webhook Body', delivery),
  });
}

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

const EVERYWHERE: readonly PlatformName[] = ['zapier', 'n8n', 'make'];

export const openRecipes = async (): Promise<readonly Recipe[]> => {
  const of = (
    guide: string,
    { deliver }: Pick<Sender, 'deliver'>,
    detectedOn: readonly PlatformName[] = [],
  ): Recipe => {
    const [, source = ''] = /^# (.+)$/m.exec(guideText(guide)) ?? [];
    return { source, guide, detectedOn, deliver };
  };
  return [
    of('stripe.md', stripe, EVERYWHERE),
    of('shopify.md', shopify, EVERYWHERE),
    of('github.md', await openGithub(), EVERYWHERE),
    of('slack.md', slack, EVERYWHERE),
    of('standard-webhooks.md', standardWebhooks, EVERYWHERE),
    of('twilio.md', twilio, ['zapier', 'n8n']),
    of('hubspot.md', hubspot, ['n8n']),
    of('typeform.md', typeform, EVERYWHERE),
    of('generic.md', generic, EVERYWHERE),
    of('email.md', mail),
    of('database-rows.md', row),
    of('forms.md', form),
    of('ai-agents.md', agent),
  ];
};

export function recipeFor(recipes: readonly Recipe[], source: string): Recipe {
  const recipe = recipes.find((each) => each.source === source);
  if (recipe === undefined) throw new Error(`There is no recipe for ${source}.`);
  return recipe;
}
