import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { forgetAt, type ClaimRecord } from '../../claims/record.ts';
import { expiries, states } from '../shared/codes.ts';

/** The columns of a record, in the order of `toRow` and `fromRow`. */
export const RECORD_COLUMNS = `state, on_expired, expires_at, lease_id, holder, run, attempt, attempts_released,
  version, fence, epoch, ttl_seconds, retention_seconds, max_attempts, fingerprint, first_seen_at, claimed_at,
  done_at, result_hash, error_code, retryable, rejected_empty, metadata, result, death_reported, group_name, sequence, origin`;

/** The values of a whole row: `tenant, key, forget_at`, and then `RECORD_COLUMNS`. */
export function toRow(tenant: number, key: string, record: ClaimRecord): SQLInputValue[] {
  return [
    tenant,
    key,
    forgetAt(record),
    states.code(record.state),
    expiries.code(record.onExpired),
    record.expiresAt,
    toBytes(record.leaseId),
    record.holder,
    record.run,
    record.attempt,
    record.attemptsReleased,
    record.version,
    record.fence,
    record.epoch,
    record.ttlSeconds,
    record.retentionSeconds,
    record.maxAttempts,
    record.fingerprint,
    record.firstSeenAt,
    record.claimedAt,
    record.doneAt,
    record.resultHash,
    record.errorCode,
    record.retryable ? 1 : 0,
    record.rejectedEmpty ? 1 : 0,
    record.metadata,
    record.result,
    record.deathReported ? 1 : 0,
    record.group,
    record.sequence,
    record.origin,
  ];
}

/** The record from the values of `RECORD_COLUMNS`. */
export function fromRow(row: readonly SQLOutputValue[]): ClaimRecord {
  return {
    state: states.value(row[0] as number),
    onExpired: expiries.value(row[1] as number),
    expiresAt: row[2] as number,
    leaseId: toUuid(row[3] as Uint8Array),
    holder: row[4] as string | null,
    run: row[5] as string | null,
    attempt: row[6] as number,
    attemptsReleased: row[7] as number,
    version: row[8] as number,
    fence: row[9] as number,
    epoch: row[10] as number,
    ttlSeconds: row[11] as number,
    retentionSeconds: row[12] as number,
    maxAttempts: row[13] as number | null,
    fingerprint: row[14] as string | null,
    firstSeenAt: row[15] as number,
    claimedAt: row[16] as number,
    doneAt: row[17] as number | null,
    resultHash: row[18] as string | null,
    errorCode: row[19] as string | null,
    retryable: row[20] === 1,
    rejectedEmpty: row[21] === 1,
    metadata: row[22] as string | null,
    result: row[23] as string | null,
    deathReported: row[24] === 1,
    group: row[25] as string | null,
    sequence: row[26] as string | null,
    origin: row[27] as string | null,
  };
}

function toBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

function toUuid(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
