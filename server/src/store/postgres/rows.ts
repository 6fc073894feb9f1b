import type { GroupRecord } from '../../claims/group.ts';
import type { LockRecord } from '../../claims/lock.ts';
import { forgetAt, type ClaimRecord } from '../../claims/record.ts';
import { expiries, states } from '../shared/codes.ts';

/** A table, and the composite type in which its rows are sent. */
export interface Table {
  readonly name: string;
  readonly row: string;
  /** The columns of the type, in its order. */
  readonly columns: readonly string[];
}

export const CLAIMS: Table = {
  name: 'claims',
  row: 'claim_row',
  columns: [
    ...[
      'tenant',
      'key',
      'forget_at',
      'state',
      'on_expired',
      'expires_at',
      'lease_id',
      'holder',
      'run',
      'attempt',
    ],
    ...['attempts_released', 'version', 'fence', 'epoch', 'ttl_seconds', 'retention_seconds', 'max_attempts'],
    ...['fingerprint', 'first_seen_at', 'claimed_at', 'done_at', 'result_hash', 'error_code', 'retryable'],
    ...['rejected_empty', 'death_reported', 'metadata', 'result', 'group_name', 'sequence', 'origin'],
  ],
};

/** A group is stored as JSON, because nothing is searched in it. */
export const GROUPS: Table = {
  name: 'groups',
  row: 'group_row',
  columns: ['tenant', 'key', 'forget_at', 'record'],
};

export const LOCKS: Table = {
  name: 'locks',
  row: 'lock_row',
  columns: ['tenant', 'key', 'expires_at', 'first_seen_at', 'ttl_seconds', 'holder', 'metadata'],
};

export const EVENTS: Table = {
  name: 'events',
  row: 'event_row',
  columns: [
    'tenant',
    'id',
    'at',
    'type',
    'key',
    'run',
    'attempt',
    'first_seen_at',
    'error_code',
    'by',
    'origin',
  ],
};

/** A row as a literal of its composite type. Reading it costs the database half as much as reading JSON. */
export function literalOf({ columns }: Table, row: object): string {
  const values = row as Readonly<Record<string, string | number | boolean | null>>;
  return `(${columns.map((column) => literal(values[column] ?? null)).join(',')})`;
}

function literal(value: string | number | boolean | null): string {
  if (value === null) return '';
  return typeof value === 'string' ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : String(value);
}

/** A row of `claims`. */
export interface ClaimRow {
  readonly tenant: number;
  readonly key: string;
  readonly forget_at: number;
  readonly state: number;
  readonly on_expired: number;
  readonly expires_at: number;
  readonly lease_id: string;
  readonly holder: string | null;
  readonly run: string | null;
  readonly attempt: number;
  readonly attempts_released: number;
  readonly version: number;
  readonly fence: number;
  readonly epoch: number;
  readonly ttl_seconds: number;
  readonly retention_seconds: number;
  readonly max_attempts: number | null;
  readonly fingerprint: string | null;
  readonly first_seen_at: number;
  readonly claimed_at: number;
  readonly done_at: number | null;
  readonly result_hash: string | null;
  readonly error_code: string | null;
  readonly retryable: boolean;
  readonly rejected_empty: boolean;
  readonly death_reported: boolean;
  readonly metadata: string | null;
  readonly result: string | null;
  readonly group_name: string | null;
  readonly sequence: string | null;
  readonly origin: string | null;
}

export function toClaimRow(tenant: number, key: string, record: ClaimRecord): ClaimRow {
  return {
    tenant,
    key,
    forget_at: forgetAt(record),
    state: states.code(record.state),
    on_expired: expiries.code(record.onExpired),
    expires_at: record.expiresAt,
    lease_id: record.leaseId,
    holder: record.holder,
    run: record.run,
    attempt: record.attempt,
    attempts_released: record.attemptsReleased,
    version: record.version,
    fence: record.fence,
    epoch: record.epoch,
    ttl_seconds: record.ttlSeconds,
    retention_seconds: record.retentionSeconds,
    max_attempts: record.maxAttempts,
    fingerprint: record.fingerprint,
    first_seen_at: record.firstSeenAt,
    claimed_at: record.claimedAt,
    done_at: record.doneAt,
    result_hash: record.resultHash,
    error_code: record.errorCode,
    retryable: record.retryable,
    rejected_empty: record.rejectedEmpty,
    death_reported: record.deathReported,
    metadata: record.metadata,
    result: record.result,
    group_name: record.group,
    sequence: record.sequence,
    origin: record.origin,
  };
}

export function toClaimRecord(row: ClaimRow): ClaimRecord {
  return {
    state: states.value(row.state),
    leaseId: row.lease_id,
    holder: row.holder,
    run: row.run,
    attempt: row.attempt,
    attemptsReleased: row.attempts_released,
    version: row.version,
    fence: row.fence,
    epoch: row.epoch,
    ttlSeconds: row.ttl_seconds,
    retentionSeconds: row.retention_seconds,
    onExpired: expiries.value(row.on_expired),
    maxAttempts: row.max_attempts,
    fingerprint: row.fingerprint,
    metadata: row.metadata,
    firstSeenAt: row.first_seen_at,
    claimedAt: row.claimed_at,
    expiresAt: row.expires_at,
    doneAt: row.done_at,
    result: row.result,
    resultHash: row.result_hash,
    errorCode: row.error_code,
    retryable: row.retryable,
    deathReported: row.death_reported,
    rejectedEmpty: row.rejected_empty,
    group: row.group_name,
    sequence: row.sequence,
    origin: row.origin,
  };
}

/** A row of `groups`. */
export interface GroupRow {
  readonly tenant: number;
  readonly key: string;
  readonly forget_at: number;
  readonly record: string;
}

export function toGroupRow(tenant: number, key: string, group: GroupRecord): GroupRow {
  return { tenant, key, forget_at: group.until, record: JSON.stringify(group) };
}

export const toGroupRecord = ({ record }: GroupRow): GroupRecord => JSON.parse(record) as GroupRecord;

/** A row of `locks`. */
export interface LockRow {
  readonly tenant: number;
  readonly key: string;
  readonly expires_at: number;
  readonly first_seen_at: number;
  readonly ttl_seconds: number;
  readonly holder: string | null;
  readonly metadata: string | null;
}

export function toLockRow(tenant: number, key: string, lock: LockRecord): LockRow {
  const { expiresAt, firstSeenAt, ttlSeconds, holder, metadata } = lock;
  const times = { expires_at: expiresAt, first_seen_at: firstSeenAt, ttl_seconds: ttlSeconds };
  return { tenant, key, ...times, holder, metadata };
}

export function toLockRecord(row: LockRow): LockRecord {
  const { holder, metadata } = row;
  const times = { ttlSeconds: row.ttl_seconds, firstSeenAt: row.first_seen_at, expiresAt: row.expires_at };
  return { holder, metadata, ...times };
}
