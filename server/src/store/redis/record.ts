import type { ClaimRecord } from '../../claims/record.ts';
import type { Value } from './reply.ts';

/** The parts of a packed record, in their order: append only. */
export const FIELDS = [
  'state',
  'leaseId',
  'holder',
  'run',
  'attempt',
  'attemptsReleased',
  'version',
  'fence',
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
  'deathTold',
  'rejectedEmpty',
] as const satisfies readonly (keyof ClaimRecord)[];

const FLAGS: ReadonlySet<keyof ClaimRecord> = new Set(['retryable', 'deathTold', 'rejectedEmpty']);

/** The record of a script's answer: its values in the order of `FIELDS`, flags as 0 and 1. */
export function recordOf(values: Value): ClaimRecord {
  const record: Partial<Record<keyof ClaimRecord, unknown>> = {};
  FIELDS.forEach((field, index) => {
    const value = (values as readonly Value[])[index] ?? null;
    record[field] = FLAGS.has(field) ? value === 1 : value;
  });
  return record as unknown as ClaimRecord;
}
