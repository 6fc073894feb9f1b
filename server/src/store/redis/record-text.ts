import type { GroupRecord } from '../../claims/group.ts';
import type { LockRecord } from '../../claims/lock.ts';
import { forgetAt, type ClaimRecord } from '../../claims/record.ts';

/**
 * How one kind of entry is stored in Redis: as the text `FENCE,VALUE,VALUE…`, which is a JSON list without its brackets. The fence is
 * set by the script that writes the entry. Kinds without a fence begin with the first value.
 */
export interface Kind<Entry> {
  /** The middle of the names of entries, such as `:k:` in `BASE:k:KEY`. */
  readonly infix: string;
  readonly parse: (text: string) => Entry;
  /** Empty if entries of this kind have no fence. */
  readonly fenceOf: (entry: Entry) => string;
  /** The text after the fence. */
  readonly restOf: (entry: Entry) => string;
  /** The stored text begins with this as long as nobody else has changed the entry. */
  readonly stampOf: (entry: Entry) => string;
  /** When Redis may expire the entry; null if it must not. */
  readonly endsAt: (entry: Entry) => number | null;
}

/** The values of a claim after its fence, in this order. Append only. The fields of the stamp come first. */
const FIELDS = [
  'version',
  'leaseId',
  'deathReported',
  'state',
  'holder',
  'run',
  'attempt',
  'attemptsReleased',
  'epoch',
  'ttlSeconds',
  'retentionSeconds',
  'onExpired',
  'maxAttempts',
  'fingerprint',
  'metadata',
  'firstSeenAt',
  'claimedAt',
  'expiresAt',
  'doneAt',
  'result',
  'resultHash',
  'errorCode',
  'retryable',
  'rejectedEmpty',
  'group',
  'sequence',
  'origin',
] as const satisfies readonly (keyof ClaimRecord)[];

/** Redis expires finished records. It must not expire one in progress, because the death of its run may not be reported yet. */
export const CLAIMS: Kind<ClaimRecord> = {
  infix: ':k:',
  parse(text) {
    // The last value is missing in records of an earlier version.
    const [fence, ...values] = parsed(text, FIELDS.length);
    const record: Partial<Record<keyof ClaimRecord, unknown>> = { fence };
    FIELDS.forEach((field, index) => (record[field] = values[index] ?? null));
    return record as unknown as ClaimRecord;
  },
  fenceOf: ({ fence }) => String(fence),
  restOf: (record) => `,${JSON.stringify(FIELDS.map((field) => record[field])).slice(1, -1)}`,
  stampOf: ({ fence, version, leaseId, deathReported }) =>
    `${fence},${version},${JSON.stringify(leaseId)},${deathReported},`,
  endsAt: (record) => (record.state === 'in_progress' ? null : forgetAt(record)),
};

/** The whole text is the stamp, because it is short and most of it may change. */
export const GROUPS: Kind<GroupRecord> = {
  infix: ':g:',
  parse: (text) => JSON.parse(text) as GroupRecord,
  fenceOf: () => '',
  restOf: (group) => JSON.stringify(group),
  stampOf: (group) => JSON.stringify(group),
  endsAt: ({ until }) => until,
};

const LOCK_FIELDS = [
  'firstSeenAt',
  'expiresAt',
  'ttlSeconds',
  'holder',
  'metadata',
] as const satisfies readonly (keyof LockRecord)[];

export const LOCKS: Kind<LockRecord> = {
  infix: ':l:',
  parse(text) {
    const values = parsed(text, LOCK_FIELDS.length);
    return Object.fromEntries(
      LOCK_FIELDS.map((field, index) => [field, values[index]]),
    ) as unknown as LockRecord;
  },
  fenceOf: () => '',
  restOf: (lock) => JSON.stringify(LOCK_FIELDS.map((field) => lock[field])).slice(1, -1),
  stampOf: ({ firstSeenAt, expiresAt }) => `${firstSeenAt},${expiresAt},`,
  endsAt: ({ expiresAt }) => expiresAt,
};

/** @throws if the text is not a record of ours. */
function parsed(text: string, length: number): readonly unknown[] {
  const values = JSON.parse(`[${text}]`) as readonly unknown[];
  if (values.length < length) throw new Error('Redis keeps something else under the name of a record.');
  return values;
}
