import type { Choice, Field, OperationId } from '@onceonly/shared';
import { defaultOf } from '@onceonly/shared';

/** How a shared field differs on n8n, and why. */
export interface FieldOverlay {
  /** Left out: the node knows it better than the user. */
  readonly hidden?: true;
  /** Not required: the node finds it by itself where it is empty. */
  readonly optional?: true;
  /** An expression to start from. */
  readonly initial?: string;
  readonly help?: string;
  /** Said after the shared help. */
  readonly more?: string;
  readonly choices?: readonly Choice[];
  /** What choices are called here, by their value. */
  readonly labels?: Readonly<Record<string, string>>;
  /** In the place of the shared rule. */
  readonly onlyIf?: Field['onlyIf'];
}

/** A duplicate leaves by an output of its own, which exists only where this is chosen. */
export const TO_DUPLICATE_OUTPUT = 'output';

const FIELDS: Readonly<Record<string, FieldOverlay>> = {
  job: {
    initial: '={{ $workflow.id }}',
    more: 'As it is, keys count for this workflow alone.',
  },
  key_from: {
    labels: { whole: 'The whole item' },
    help: 'Detect recognises who sent the webhook, and takes what that sender keeps when it delivers an event again; of a sender that it does not know, the whole content. Chosen fields and The whole item make the key of the content of the item, whoever sent it: of the fields that you name, or of all; of a Webhook node’s item, that is its body. Where content makes the key, whatever a resend changes in it makes another key: Key Made From says so, and Fields to Leave Out is for that.',
  },
  headers: { initial: '={{ $json.headers }}', more: 'As it is, those of the Webhook node.' },
  payload: {
    initial: '={{ $json.headers ? $json.body : $json }}',
    more: 'As it is, that of the Webhook node, or the item of a sender’s own trigger. With the option Raw Body of the Webhook node, it is taken as it came.',
    // Otherwise it is the item: see webhook-item.ts.
    onlyIf: { field: 'key_from', is: ['detect'] },
  },
  fields: {
    more: 'They are fields of the item; those of a Webhook node’s body, such as body.order.id, count as order.id, as on other platforms.',
  },
  url: { initial: '={{ $json.webhookUrl }}' },
  signing_secret: {
    more: 'Switch on Raw Body in the options of the Webhook node. It is saved with the workflow: an expression that reads it from elsewhere is safer.',
  },
  on_duplicate: {
    choices: [{ value: TO_DUPLICATE_OUTPUT, label: 'Send to the Duplicate Output' }],
    help: 'Stop here: the item goes no further, and the node says why. Continue goes on with Proceed set to false, so that you can branch on it. Send to the Duplicate Output gives the node a second output, where everything that would stop here comes out.',
  },
  while_in_progress: {
    more: 'An agent that calls this node as a tool is answered at once.',
  },
  when_unreachable: {
    more: 'Try again later: the item is withheld and the node fails; switch on Retry On Fail in its settings to have it tried again at once.',
  },
  claim_token: {
    optional: true,
    help: 'Leave it empty: the node finds the claim that leads to this item, and says so where it is not certain of it. Fill it in where another workflow claimed the key, or behind a step that makes new items of several, such as Code.',
  },
  // Every execution, node, round and item is a holder of its own by itself.
  run_reference: { hidden: true },
  // Asked for as an execution: see `wholeExecution` in properties.ts.
  run: { hidden: true },
};

export const overlayOf = ({ id }: Field): FieldOverlay => FIELDS[id] ?? {};

export const isShown = (field: Field): boolean =>
  field.notOn?.includes('n8n') !== true && overlayOf(field).hidden !== true;

/** Advanced fields, and those that n8n cannot show empty: what is not added there is not set. */
export const isOption = (field: Field): boolean =>
  field.advanced === true || (field.type === 'number' && defaultOf(field, 'n8n') === null);

/** The operations that decide whether an item may go on. */
export const decides = (id: OperationId): boolean => id === 'claimKey' || id === 'lockKey';

/** Those after which the claim is held no more. */
export const isFinishing = (id: unknown): boolean =>
  ['completeKey', 'failKey', 'releaseKey'].some((each) => each === id);

/** The operations that need a claim token. */
export const finishes = (id: OperationId): boolean =>
  ['completeKey', 'failKey', 'extendClaim', 'releaseKey'].includes(id);
