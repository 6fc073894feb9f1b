import type { GroupRecord } from '../../claims/group.ts';
import type { LockRecord } from '../../claims/lock.ts';
import { forgetAt, type ClaimRecord } from '../../claims/record.ts';

/**
 * How one kind of entry is kept in Redis: as the text `FENCE,VALUE,VALUE…`, JSON without its brackets. The fence, which is
 * counted where the entry is written, is missing where there is none.
 */
export interface Kind<Entry> {
  /** The entry of `base:k:KEY` is called so: `:k:`. */
  readonly infix: string;
  readonly parse: (text: string) => Entry;
  /** Empty where entries of this kind have none. */
  readonly fenceOf: (entry: Entry) => string;
  /** The text after the fence. */
  readonly restOf: (entry: Entry) => string;
  /** What the stored text begins with as long as nobody has changed the entry. */
  readonly stampOf: (entry: Entry) => string;
  /** The instant at which Redis may forget it by itself; null where it may not. */
  readonly endsAt: (entry: Entry) => number | null;
}

/** The values of a claim after its fence, in their order: append only. The stamp comes first. */
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

/** Redis forgets what is finished. It must not forget a run at work, nor one whose death was not reported. */
export const CLAIMS: Kind<ClaimRecord> = {
  infix: ':k:',
  parse(text) {
    // The last one is missing where an earlier version wrote.
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

/** Compared whole: short, and most of it may change. */
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

/** @throws where the text is none of ours. */
function parsed(text: string, length: number): readonly unknown[] {
  const values = JSON.parse(`[${text}]`) as readonly unknown[];
  if (values.length < length) throw new Error('Redis keeps something else under the name of a record.');
  return values;
}
