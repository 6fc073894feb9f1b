import { sources } from '../sources/index.ts';
import { input, is, when, type Rule } from '../rules.ts';
import { FULL_KEY, keyField } from './parts.ts';

/** Where the key comes from: entered, or derived from a delivery, so that each sender's redelivery has the same one. */

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
      { value: 'whole', label: 'The whole payload' },
    ],
    help: 'Detect recognises who sent the webhook, and takes what that sender keeps when it delivers an event again; of a sender that it does not know, the whole content. Chosen fields and The whole payload make the key of content, whoever sent it: of the fields that you name, or of all. Where content makes the key, whatever a resend changes in it makes another key: Key Made From says so, and Fields to Leave Out is for that.',
  },
  { ...keyField, onlyIf: { field: 'key_from', is: ['value'] } },
  {
    id: 'headers',
    label: 'Webhook Headers',
    type: 'json',
    onlyIf: OF_WEBHOOK,
    help: 'The headers of the webhook. GitHub, Shopify and Standard Webhooks name the event there, and signatures are there; the others can do without.',
  },
  {
    id: 'payload',
    label: 'Webhook Body',
    type: 'json',
    asItCame: true,
    required: true,
    onlyIf: { field: 'key_from', is: ['detect', 'fields', 'whole'] },
    help: 'The body of the webhook, parsed or, better, as it came: signatures can be checked only on that. It must be one event: split a list of events first.',
  },
  {
    id: 'fields',
    label: 'Chosen Fields',
    type: 'list',
    required: true,
    maxItems: 20,
    example: 'order.id',
    onlyIf: { field: 'key_from', is: ['fields'] },
    help: 'The names of the fields that tell one event from another, one a line; inside of others with dots, such as order.id. Their content makes the key. None may be missing or empty.',
  },
  {
    id: 'leave_out',
    label: 'Fields to Leave Out',
    type: 'list',
    maxItems: 20,
    example: 'meta.attempt',
    onlyIf: { field: 'key_from', is: ['detect', 'whole'] },
    help: 'The names of fields that a resend changes although the event is the same, such as a counter of attempts or the time of sending, one a line; inside of others with dots. They do not count where content makes the key: with The whole payload, and of senders that Detect does not know. Leave it empty if you are not sure: an event is then rather done twice than lost.',
  },
] as const;

const CHECKED_ONLY =
  'is set, but a signature is checked only where Key From is Detect from the webhook. Choose that, or';

/** What only some need, with the advanced fields. */
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
    help: 'Detect recognises the sender by headers and body. Choose one to have anything else refused. Stripe, by type and object takes two events that Stripe makes for one change as one: only for types that an object has once, such as invoice.paid, never for those such as customer.subscription.updated, whose second change would be lost.',
  },
  {
    id: 'signing_secret',
    label: 'Signing Secret',
    type: 'text',
    secret: true,
    advanced: true,
    // Zapier publishes no app that asks for a secret in a step: there, the connection holds them.
    notOn: ['zapier'],
    maxLength: 512,
    onlyIf: OF_WEBHOOK,
    ifPassedOver: `${CHECKED_ONLY} empty this field.`,
    help: 'What the sender signs with: the signing secret of the webhook, of Twilio the auth token. A delivery that was not signed with it, or more than a day ago, is refused and claims nothing. It needs the body as it came, and the headers.',
  },
  {
    id: 'require_signature',
    label: 'Require a Valid Signature',
    type: 'boolean',
    advanced: true,
    default: false,
    onlyIf: OF_WEBHOOK,
    ifPassedOver: `${CHECKED_ONLY} choose No here.`,
    help: 'Yes: a delivery that the sender has not signed, or more than a day ago, is refused and claims nothing; and so is every delivery of a sender whose signing secret is not known. Where the secret is known, a delivery that is not signed with it is refused with No as well. It needs the body as it came, and the headers.',
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

/** How old a signature may be: platforms keep what they received for hours, and a delivery that is sent twice is a duplicate. */
export const SIGNATURE_MAX_AGE_SECONDS = 86_400;

const isEntered = is(input('key_from'), 'value');
const ifDerived = (rule: Rule): Rule => when(isEntered, null, rule);
const ifDetected = (rule: Rule): Rule => when(is(input('key_from'), 'detect'), rule, null);
const ifGiven = (name: string): Rule => when(is(input(name), null), null, input(name));

/** A key, or what the server derives one from: sent where no code of ours derives it. */
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
