import { hashOf } from './canonical.ts';
import { readDelivery, type Delivery, type Fault, type GivenDelivery } from './delivery.ts';
import { chosenEvent, generic, ignoredIn } from './generic.ts';
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
  /** Where it is given, only what was signed with it has keys. */
  readonly signing?: SigningSecret | undefined;
}

export interface DerivedKey {
  readonly key: string;
  /** The same on every redelivery; where two events share a key by mistake, it differs. */
  readonly fingerprint: string;
}

export interface Derived {
  /** Who was recognised. */
  readonly source: SourceId;
  /** One for each event in the delivery, in order; never none. */
  readonly keys: readonly [DerivedKey, ...DerivedKey[]];
  /** Members of the payload that were left out, since they may change on each delivery. */
  readonly ignored: readonly string[];
}

/** The keys of a delivery, the same ones however often it comes. Throws nothing: a fault names the field. */
export function deriveKeys(given: GivenDelivery, options: DeriveOptions = {}): Derived | Fault {
  const { job = null, fields, signing } = options;
  const wanted = options.source ?? (fields === undefined ? 'detect' : 'generic');
  if (job?.includes(':') === true) return { field: 'job', message: 'job must not contain a colon.' };
  if (fields !== undefined && wanted !== 'generic') {
    const message = `fields chooses what makes up a key; with the source “${wanted}”, the sender's own id does. Leave out one of them, or choose “generic”.`;
    return { field: 'fields', message };
  }
  const delivery = readDelivery(given);
  if ('field' in delivery) return delivery;
  const source = recognise(delivery, wanted);
  const refused = signing === undefined ? null : checkSignature(source, delivery, signing);
  if (refused !== null) return refused;

  const chosen = fields === undefined ? null : chosenEvent(delivery, fields);
  if (chosen !== null && 'field' in chosen) return chosen;
  const events = chosen === null ? source.events(delivery) : [chosen];
  const [first, ...more] = events.map(({ key, covers }) => ({
    key: fitKey(job, key),
    fingerprint: hashOf(covers),
  }));
  if (first === undefined) return source.needs;
  const ignored = source.id === generic.id && chosen === null ? ignoredIn(delivery) : [];
  return { source: source.id as SourceId, keys: [first, ...more], ignored };
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
