import { whyKeyNamesNothing } from '@onceonly/shared/names-nothing.ts';
import { severalEvents } from '@onceonly/shared/sources/derive.ts';
import { warningOf } from '@onceonly/shared/sources/warning.ts';
import type { DeliveryBody } from './derived.ts';
import { FIELDS } from './request-fields.ts';
import type { HeavyWork } from './heavy-work.ts';
import { invalidFields } from './invalid-fields.ts';
import { invalid, type Refusal } from './refusal.ts';

interface Claiming extends DeliveryBody {
  readonly key?: string;
  readonly fingerprint?: string | null;
}

/** Where a derived key comes from, as the answer tells it. */
export interface DerivedFrom {
  /** Who was recognised. */
  readonly source: string;
  /** What the key was made of. */
  readonly made_from: string;
  /** Paths in it that a resend may change, by their names. */
  readonly warnings: readonly string[];
  /** The same as a sentence. */
  readonly warning: string | null;
  /** Whether the sender's signature was checked. */
  readonly signature_checked: boolean;
}

/** A claim's body with its key, sent or derived. */
export type Named<Body> = Body & {
  readonly key: string;
  /** Null where the key was sent. */
  readonly derivedFrom: DerivedFrom | null;
};

/** The key that a claim names, or that its delivery has: exactly one, and its fingerprint unless another was sent. */
export async function nameClaim<Body extends Claiming>(
  work: HeavyWork,
  tenant: string,
  body: Body,
  bodyText: string,
): Promise<{ readonly item: Named<Body> } | Refusal> {
  const { key } = body;
  const delivered = OF_DELIVERIES.find((field) => body[field] !== undefined && body[field] !== null);
  if (key !== undefined) {
    const nothing = whyKeyNamesNothing(key);
    if (nothing !== null) return invalid('key', `${NAMES[nothing.part]} ${nothing.why}`, key);
    if (delivered === undefined) return { item: { ...body, key, derivedFrom: null } };
    return invalid(
      delivered,
      `${delivered} is for a key that is derived from a delivery. Send either key, or source and payload.`,
      null,
    );
  }
  if (delivered === undefined) return KEY_MISSING;
  const derived = await work.run(tenant, 'derive', bodyText);
  if ('status' in derived) return derived;
  const { source, keys, madeFrom: made_from, warnings } = derived;
  if (keys.length > 1) {
    return invalid(
      'payload',
      `payload ${severalEvents(derived)} /v1/keys/derive tells the keys of all.`,
      null,
    );
  }
  const derivedFrom = {
    source,
    made_from,
    warnings,
    warning: warningOf(warnings),
    signature_checked: derived.signatureChecked,
  };
  const fingerprint = body.fingerprint ?? keys[0].fingerprint;
  return { item: { ...body, key: keys[0].key, fingerprint, derivedFrom } };
}

/** What counts for a delivery alone: beside a key it would be passed over, a signature that is to be checked among it. */
const OF_DELIVERIES = ['source', 'payload', 'job', 'fields', 'leave_out', 'signing_secret'] as const;

/** What a key names: work and event, with a colon in between, or an event alone. */
const NAMES = { job: 'key begins with a job that', key: 'key' } as const;

const KEY_MISSING: Refusal = {
  status: 422,
  detail: invalidFields(
    [
      {
        keyword: 'required',
        instancePath: '',
        params: { missingProperty: 'key' },
        parentSchema: { properties: { key: FIELDS.key } },
      },
    ],
    'body',
  ),
};
