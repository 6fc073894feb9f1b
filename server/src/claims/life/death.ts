import type { ClaimRecord } from '../record.ts';
import { isExpired } from './time.ts';

/** Whether a run died with this record and nobody was told: its lease ended before its work did. */
export function diedUntold(record: ClaimRecord, now: number): boolean {
  return record.state === 'in_progress' && !record.deathTold && isExpired(record, now);
}

/** The record once its death is told. Its version stays, so that a person's decision that is under way holds. */
export function toldOfDeath(record: ClaimRecord): ClaimRecord {
  return { ...record, deathTold: true };
}
