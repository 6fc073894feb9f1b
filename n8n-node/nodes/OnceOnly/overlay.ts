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
    more: 'As it is, keys count only for this workflow.',
  },
  key_from: {
    labels: { whole: 'The whole item' },
    help: 'Detect recognises the sender of a webhook, and uses what that sender keeps when it sends again. For an unknown sender, and with the last two choices, the content of the item makes the key.',
  },
  headers: { initial: '={{ $json.headers }}', more: 'As it is, those of the Webhook node.' },
  payload: {
    initial: '={{ $json.headers ? $json.body : $json }}',
    more: 'As it is, that of the Webhook node, or the item of another trigger. For signatures, switch on Raw Body in the Webhook node.',
    // Otherwise it is the item: see webhook-item.ts.
    onlyIf: { field: 'key_from', is: ['detect'] },
  },
  fields: {
    more: 'Of a Webhook node, body.order.id counts as order.id.',
  },
  url: { initial: '={{ $json.webhookUrl }}' },
  signing_secret: {
    more: 'Switch on Raw Body in the Webhook node. The secret is saved with the workflow; an expression that reads it from elsewhere is safer.',
  },
  on_duplicate: {
    choices: [{ value: TO_DUPLICATE_OUTPUT, label: 'Send to the Duplicate Output' }],
    help: 'Stop here ends the item, and the node says why. Send to the Duplicate Output adds a second output for everything that would stop here.',
  },
  while_in_progress: {
    more: 'An agent that uses this node as a tool is answered at once.',
  },
  when_unreachable: {
    more: 'With Try again later, the item is held back and the node fails. Switch on Retry On Fail to try again at once.',
  },
  claim_token: {
    optional: true,
    help: 'Leave it empty: the node finds the claim of this item, and says so if it is not sure. Fill it in if another workflow claimed the key, or behind a step that makes one item of several.',
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
export const decides = (id: string): boolean => id === 'claimKey' || id === 'lockKey';

/** Those after which the claim is held no more. */
export const isFinishing = (id: unknown): boolean =>
  ['completeKey', 'failKey', 'releaseKey'].some((each) => each === id);

/** The operations that need a claim token. */
export const finishes = (id: OperationId): boolean =>
  ['completeKey', 'failKey', 'extendClaim', 'releaseKey'].includes(id);
