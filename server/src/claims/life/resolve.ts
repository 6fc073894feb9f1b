import type { Of, Resolve, ResolveOutcome } from '../commands.ts';
import type { ClaimRecord } from '../record.ts';
import type { Decision, Moment } from './decision.ts';
import { changed, ENDED, released } from './finish.ts';
import { present } from './time.ts';

/** The error code of a key that a person failed without giving a reason. */
export const FAILED_BY_OPERATOR = 'failed_by_operator';

/** A person's word on the record that they saw: nothing happens to another version of it. The lease in hand dies. */
export function resolveKey(
  stored: ClaimRecord | undefined,
  command: Of<Resolve>,
  moment: Pick<Moment, 'now' | 'leaseId'>,
): Decision<ResolveOutcome> {
  const record = present(stored, moment.now);
  if (record === undefined || record.state === 'released') return { answer: { outcome: 'not_found' } };
  if (record.version !== command.version) return { answer: { outcome: 'changed', version: record.version } };
  return changed(record, moment.now, { ...end(record, command), leaseId: moment.leaseId() });
}

function end(record: ClaimRecord, command: Of<Resolve>): Partial<ClaimRecord> {
  switch (command.to) {
    case 'completed':
      return { ...ENDED, state: 'completed', result: command.result };
    case 'failed': {
      const errorCode = command.reason ?? FAILED_BY_OPERATOR;
      return { ...ENDED, state: 'failed', errorCode, retryable: command.retryable };
    }
    case 'released':
      return released(record);
  }
}
