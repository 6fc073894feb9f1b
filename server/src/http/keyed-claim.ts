import { whyKeyNamesNothing } from '@onceonly/shared/names-nothing.ts';
import { severalEvents } from '@onceonly/shared/sources/derive.ts';
import { warningOf } from '@onceonly/shared/sources/warning.ts';
import type { DeliveryBody } from './derived.ts';
import { FIELDS } from './request-fields.ts';
import type { TaskRunner } from './task-runner.ts';
import { invalidFields } from './invalid-fields.ts';
import { invalid, type Refusal } from './refusal.ts';

interface Claiming extends DeliveryBody {
  readonly key?: string;
  readonly fingerprint?: string | null;
}

/** What the answer says about a derived key. */
export interface DerivedFrom {
  /** The id of the sender that was recognised. */
  readonly source: string;
  /** What the key was made from, in words. */
  readonly made_from: string;
  /** Paths whose names suggest that a resend changes them. */
  readonly warnings: readonly string[];
  /** The same as a sentence. */
  readonly warning: string | null;
  /** Whether the sender's signature was checked. */
  readonly signature_checked: boolean;
}

/** The body of a claim, with the key that was sent or derived. */
export type Keyed<Body> = Body & {
  readonly key: string;
  /** Null if the key was sent. */
  readonly derivedFrom: DerivedFrom | null;
};

/**
 * Adds the key to a claim's body: the one that was sent, or the one derived from the webhook delivery, with its fingerprint if
 * none was sent. Refuses a claim with both or neither, and a delivery of several events.
 */
export async function withKey<Body extends Claiming>(
  tasks: TaskRunner,
  tenant: string,
  body: Body,
  bodyText: string,
): Promise<{ readonly item: Keyed<Body> } | Refusal> {
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
  const derived = await tasks.run(tenant, 'derive', bodyText);
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

/** Fields that only count with a delivery. Beside a key they would be ignored, and with them a signature that should be checked. */
const OF_DELIVERIES = ['source', 'payload', 'job', 'fields', 'leave_out', 'signing_secret'] as const;

/** How a refusal calls the two parts of a key: the job before the colon, and the rest. */
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
