import type { ReadOutcome } from '../commands.ts';
import type { ClaimRecord } from '../record.ts';
import { present } from './time.ts';

/** What a reader sees: a released key is as good as none. */
export function readKey(stored: ClaimRecord | undefined, now: number): ReadOutcome {
  const record = present(stored, now);
  return record === undefined || record.state === 'released'
    ? { outcome: 'not_found' }
    : { outcome: 'found', record, now };
}
