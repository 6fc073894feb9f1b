import { hashOf } from './canonical.ts';
import { readDelivery, type Delivery, type Fault, type GivenDelivery } from './delivery.ts';
import { contentOf } from './content.ts';
import { generic } from './generic.ts';
import { sources, type SourceId } from './index.ts';
import { fitKey } from './key.ts';
import type { Source } from './source.ts';
import { checkSignature, type SigningSecret } from './verify.ts';

export interface DeriveOptions {
  /** Default: `detect`, or `generic` where fields are chosen. */
  readonly source?: SourceId | 'detect' | undefined;
  /** Stands in front of the keys, with a colon. */
  readonly job?: string | undefined;
  /** What of the payload tells one event from another: paths. Only for `generic`. */
  readonly fields?: readonly string[] | undefined;
  /** What of the payload does not count where its content makes the key: paths. For `generic` and `detect`. */
  readonly leaveOut?: readonly string[] | undefined;
  /** Where it is given, only what was signed with it has keys. */
  readonly signing?: SigningSecret | undefined;
}

export interface DerivedKey {
  readonly key: string;
  /** The same on every redelivery; where two events share a key by mistake, it differs. Null where nothing is known of that. */
  readonly fingerprint: string | null;
}

export interface Derived {
  /** Who was recognised. */
  readonly source: SourceId;
  /** One for each event in the delivery, in order; never none. */
  readonly keys: readonly [DerivedKey, ...DerivedKey[]];
  /** What the keys were made of, in words: “the field “id””, “the whole content without “attempt””. */
  readonly madeFrom: string;
  /** Paths in the content that makes the key whose names look like a time or a retry: a resend may change them. */
  readonly warnings: readonly string[];
  /** Paths of `leaveOut` that the payload has. */
  readonly ignored: readonly string[];
}

/** The keys of a delivery, the same ones however often it comes. Throws nothing: a fault names the field. */
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
  const refused = signing === undefined ? null : checkSignature(source, delivery, signing);
  if (refused !== null) return refused;
  const id = source.id as SourceId;

  if (source.id === generic.id) {
    const content = contentOf(delivery, { fields, leaveOut });
    if ('field' in content) return content;
    const { key, covers, ...about } = content;
    return { source: id, keys: [{ key: fitKey(job, key), fingerprint: hashOf(covers) }], ...about };
  }
  const [first, ...more] = source.events(delivery).map(({ key, covers }) => ({
    key: fitKey(job, key),
    fingerprint: hashOf(covers),
  }));
  if (first === undefined) return source.needs;
  return {
    source: id,
    keys: [first, ...more],
    madeFrom: `what ${source.label} keeps`,
    warnings: [],
    ignored: [],
  };
}

function ofIdsOnly(field: 'fields' | 'leave_out', wanted: string): Fault {
  const what = field === 'fields' ? 'chooses what makes up a key' : 'leaves something out of a key';
  const message = `${field} ${what}; with the source “${wanted}”, the sender's own id does. Leave out one of them, or choose “generic”.`;
  return { field, message };
}

/** The source of that id, or the first whose delivery it is by its looks. */
function recognise(delivery: Delivery, wanted: SourceId | 'detect'): Source {
  const all: readonly Source[] = sources;
  const found = all.find((source) =>
    wanted === 'detect'
      ? source.looksLike(delivery) && source.events(delivery).length > 0
      : source.id === wanted,
  );
  return found ?? generic;
}
