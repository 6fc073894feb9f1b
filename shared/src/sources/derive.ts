import { hashOf } from './canonical.ts';
import { readDelivery, type Delivery, type Fault, type GivenDelivery } from './delivery.ts';
import { contentOf } from './content.ts';
import { generic } from './senders/generic.ts';
import { sources, type SourceId } from './index.ts';
import { fitKey } from './key.ts';
import { applyRules, isSeen } from './sender-rules.ts';
import type { Sender } from './sender.ts';
import { checkSigning, type SigningSecret, type SigningOfSenders } from './verify.ts';

/**
 * The versions of the derivation of keys, newest last. A version is never changed or removed: a change makes a new version.
 * Otherwise, finished events would get new keys and be done again.
 */
export const DERIVATIONS: readonly number[] = [1];

/** The version that this app uses. */
export const DERIVATION = 1;

export interface DeriveOptions {
  /** Default: `detect`, or `generic` if fields are chosen. */
  readonly source?: SourceId | 'detect' | undefined;
  /** The job in front of the keys. */
  readonly job?: string | undefined;
  /** The paths in the payload that tell one event from another. Only for `generic`. */
  readonly fields?: readonly string[] | undefined;
  /** The paths in the payload that do not count if its content makes the key. For `generic` and `detect`. */
  readonly leaveOut?: readonly string[] | undefined;
  /** With one secret, or with a required signature, only signed deliveries have keys. */
  readonly signing?: SigningSecret | SigningOfSenders | undefined;
}

export interface DerivedKey {
  readonly key: string;
  /** The same on every redelivery, but different if two events share a key by mistake. Null if nothing is known for it. */
  readonly fingerprint: string | null;
}

export interface Derived {
  /** The recognised sender. */
  readonly source: SourceId;
  /** Whether the sender's signature was checked. */
  readonly signatureChecked: boolean;
  /** One for each event in the delivery, in order; at least one. */
  readonly keys: readonly [DerivedKey, ...DerivedKey[]];
  /** What the keys were made from, in words: “the field “id””, “the whole content without “attempt””. */
  readonly madeFrom: string;
  /** The paths of the events, if there may be several, with `[]` after each list: `body:entry[].changes[]`. */
  readonly lists: readonly string[];
  /** Paths in the content that makes the key, whose names look like a time or a retry, which a resend may change. */
  readonly warnings: readonly string[];
  /** The paths in `leaveOut` that the payload has. */
  readonly ignored: readonly string[];
}

/** Derives the keys of a delivery, which are the same on every redelivery. It never throws; a fault names the field. */
export function deriveKeys(given: GivenDelivery, options: DeriveOptions = {}): Derived | Fault {
  const { job = null, fields, leaveOut = [], signing } = options;
  const wanted = options.source ?? (fields === undefined ? 'detect' : 'generic');
  if (job?.includes(':') === true) return { field: 'job', message: 'job must not contain a colon.' };
  if (fields !== undefined && wanted !== 'generic') return ofIdsOnly('fields', wanted);
  if (leaveOut.length > 0 && wanted !== 'generic' && wanted !== 'detect')
    return ofIdsOnly('leave_out', wanted);
  const delivery = readDelivery(given);
  if ('field' in delivery) return delivery;
  const source = recognise(delivery, wanted);
  const signed = signing === undefined ? { checked: false } : checkSigning(source, delivery, signing);
  if ('field' in signed) return signed;
  const id = source.id as SourceId;

  if (source.id === generic.id) {
    const content = contentOf(delivery, { fields, leaveOut });
    if ('field' in content) return content;
    const { key, covers, ...about } = content;
    return {
      source: id,
      signatureChecked: signed.checked,
      keys: [{ key: fitKey(job, key), fingerprint: hashOf(covers) }],
      lists: [],
      ...about,
    };
  }
  const ruled = applyRules(source, delivery);
  if (ruled === null) return lacking(source);
  if ('none' in ruled) return { field: 'payload', message: `payload ${ruled.none}` };
  const [first, ...more] = ruled.events.map(({ key, covers }) => ({
    key: fitKey(job, key),
    fingerprint: covers === null ? null : hashOf(covers),
  }));
  if (first === undefined) return lacking(source);
  const madeFrom = [...new Set(ruled.events.map((event) => event.madeFrom))].join('; ');
  return {
    source: id,
    signatureChecked: signed.checked,
    keys: [first, ...more],
    madeFrom,
    lists: ruled.lists,
    warnings: [],
    ignored: [],
  };
}

/** Why a delivery of several events cannot be claimed, as the rest of a sentence that begins with “payload”. */
export function severalEvents({ keys, lists }: Derived): string {
  const inside = lists.filter((list) => list !== 'body:[]').map((list) => `“${list.slice('body:'.length)}”`);
  const what = inside.length === 0 ? 'it' : `the list ${inside.join(' and ')}`;
  return `holds ${String(keys.length)} events, but a claim is for one. Split ${what} into single events first, and give this step one of them.`;
}

const lacking = ({ needs }: Sender): Fault => ({
  field: needs.startsWith('headers') ? 'headers' : 'payload',
  message: needs,
});

function ofIdsOnly(field: 'fields' | 'leave_out', wanted: string): Fault {
  const label = sources.find((sender) => sender.id === wanted)?.label ?? wanted;
  const message = `${field} works only where the content makes the key. With the source “${label}”, the sender's own ID makes it. Leave the field empty, or choose “${generic.label}” (generic).`;
  return { field, message };
}

/** The sender with that id, or the first one that recognises the delivery. */
function recognise(delivery: Delivery, wanted: SourceId | 'detect'): Sender {
  const all: readonly Sender[] = sources;
  const found = all.find((each) => (wanted === 'detect' ? isSeen(each, delivery) : each.id === wanted));
  return found ?? generic;
}
