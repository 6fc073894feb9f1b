import { sources } from '../sources/index.ts';
import { answer, input, is, join, match, output, when, type Rule } from '../rules.ts';
import { FULL_KEY, keyField } from './parts.ts';

/** The fields for the key: entered, or derived from a webhook delivery, so that a redelivery has the same key. */

const OF_WEBHOOK = { field: 'key_from', is: ['detect'] } as const;

export const keyFromFields = [
  {
    id: 'key_from',
    label: 'Key From',
    type: 'choice',
    default: 'value',
    choices: [
      { value: 'value', label: 'A value I enter' },
      { value: 'detect', label: 'Detect from the webhook' },
      { value: 'fields', label: 'Chosen fields' },
      { value: 'whole', label: 'The whole content' },
    ],
    help: 'Detect recognises the sender of a webhook, and uses what that sender keeps when it sends again. For an unknown sender, and with the last two choices, the content makes the key.',
    guide: 'key-from.md',
  },
  { ...keyField, onlyIf: { field: 'key_from', is: ['value'] } },
  {
    id: 'headers',
    label: 'Webhook Headers',
    type: 'json',
    onlyIf: OF_WEBHOOK,
    help: 'The headers of the webhook. GitHub, Shopify and Standard Webhooks name the event there, and signatures need them.',
  },
  {
    id: 'payload',
    label: 'Webhook Body',
    type: 'json',
    asItCame: true,
    required: true,
    onlyIf: { field: 'key_from', is: ['detect', 'fields', 'whole'] },
    help: 'The body of the webhook, with one event; split a list first. To check signatures, map it raw, as it came.',
  },
  {
    id: 'fields',
    label: 'Chosen Fields',
    type: 'list',
    required: true,
    maxItems: 20,
    example: 'order.id',
    onlyIf: { field: 'key_from', is: ['fields'] },
    help: 'The fields that tell one event from another, one on each line, such as order.id. None may be missing or empty.',
  },
  {
    id: 'leave_out',
    label: 'Fields to Leave Out',
    type: 'list',
    maxItems: 20,
    example: 'meta.attempt',
    onlyIf: { field: 'key_from', is: ['detect', 'whole'] },
    help: 'Fields that do not count because a resend changes them, such as the time of sending. If you are not sure, leave it empty: an event is then rather done twice than lost.',
    guide: 'key-from.md',
  },
] as const;

const CHECKED_ONLY =
  'is set, but a signature is checked only if Key From is Detect from the webhook. Choose that, or';

/** The advanced fields for a delivery. */
export const deliveryFields = [
  {
    id: 'source',
    label: 'Sender',
    type: 'choice',
    advanced: true,
    default: 'detect',
    choices: [
      { value: 'detect', label: 'Detect' },
      ...sources.map(({ id, label }) => ({ value: id, label })),
    ],
    onlyIf: OF_WEBHOOK,
    help: 'Choose a sender to refuse all others. Stripe, by type and object loses a second change: use it only for types that an object has once, such as invoice.paid.',
    guide: 'fields.md#sender',
  },
  {
    id: 'signing_secret',
    label: 'Signing Secret',
    type: 'text',
    secret: true,
    advanced: true,
    // Zapier does not publish an app that asks for a secret in a step, so on Zapier the connection has the secrets.
    notOn: ['zapier'],
    maxLength: 512,
    onlyIf: OF_WEBHOOK,
    ifPassedOver: `${CHECKED_ONLY} empty this field.`,
    help: 'The signing secret of the webhook; for Twilio, the auth token. A webhook that was not signed with it within a day is refused.',
    guide: 'fields.md#signatures',
  },
  {
    id: 'require_signature',
    label: 'Require a Valid Signature',
    type: 'boolean',
    advanced: true,
    default: false,
    onlyIf: OF_WEBHOOK,
    ifPassedOver: `${CHECKED_ONLY} choose No here.`,
    help: 'Yes refuses a webhook that is not signed within a day, and any of a sender whose secret is not known. It needs the raw body and the headers.',
    guide: 'fields.md#signatures',
  },
  {
    id: 'url',
    label: 'Webhook URL',
    type: 'text',
    advanced: true,
    maxLength: 2_048,
    onlyIf: OF_WEBHOOK,
    help: 'The address that the sender was given. Only for the signatures of Twilio and HubSpot, who sign it too.',
  },
] as const;

/** How old a signature may be. A day is safe, since a repeated delivery is a duplicate, and platforms may keep deliveries for hours. */
export const SIGNATURE_MAX_AGE_SECONDS = 86_400;

const isEntered = is(input('key_from'), 'value');
const ifDerived = (rule: Rule): Rule => when(isEntered, null, rule);
const ifDetected = (rule: Rule): Rule => when(is(input('key_from'), 'detect'), rule, null);
const ifGiven = (name: string): Rule => when(is(input(name), null), null, input(name));

/** The key, or the delivery from which the server derives it if the client does not. */
export const KEY_OR_DELIVERY: Readonly<Record<string, Rule>> = {
  key: when(isEntered, FULL_KEY, null),
  job: ifDerived(input('job')),
  source: ifDerived(when(is(input('key_from'), 'detect'), input('source'), 'generic')),
  payload: ifDerived(input('payload')),
  fields: when(is(input('key_from'), 'fields'), input('fields'), null),
  leave_out: when(is(input('key_from'), 'detect', 'whole'), ifGiven('leave_out'), null),
  headers: ifDetected(ifGiven('headers')),
  signing_secret: ifDetected(ifGiven('signing_secret')),
  signature_max_age: ifDetected(SIGNATURE_MAX_AGE_SECONDS),
  url: ifDetected(ifGiven('url')),
};

const SENDERS = Object.fromEntries(sources.map(({ id, label }) => [id, label]));

/** The end of a claim's message: the recognised sender, and what the key was made from; empty if the key was entered. */
export const MADE_FROM: Rule = when(
  is(output('key_made_from'), null),
  '',
  join(
    when(
      answer('detected'),
      match(
        output('source'),
        { generic: ' Sender not recognised: the' },
        join(' Sender: ', match(output('source'), SENDERS, output('source')), '. The'),
      ),
      ' The',
    ),
    ' key was made from ',
    output('key_made_from'),
    '.',
  ),
);
