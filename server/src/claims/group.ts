import { compareSequences, dateOf, type Sequence } from '@onceonly/shared/sequence.ts';
import type { ClearMarkOutcome, Claim, GroupAnswer, Of } from './commands.ts';
import { BLOCKED_MILLISECONDS, DAY_MS, forgetAt, unresolved, type ClaimRecord } from './record.ts';

/**
 * What a store keeps of a group: of keys that must not be worked on at the same time, and of which, where they have a
 * sequence, only newer ones may follow. One key has it at a time, its taker.
 */
export interface GroupRecord {
  /** The key that took it last. It stays when the group is free. */
  readonly taker: string;
  readonly takerSequence: Sequence | null;
  readonly takerRun: string | null;
  /** When it took it. */
  readonly since: number;
  /** The end of the taker's lease; null where its work has ended, and the group is free. */
  readonly end: number | null;
  /** Nobody takes the taker over: once its lease has ended, it waits for a person. */
  readonly takerBlocks: boolean;
  /** The highest sequence that was completed. */
  readonly mark: Sequence | null;
  /** A key that waits for a person, while another has the group. */
  readonly asks: { readonly key: string; readonly sequence: Sequence; readonly until: number } | null;
  /** The instant from which there is no group: no earlier than for any key that took it. */
  readonly until: number;
}

/** The group, unless there is none or it is forgotten. */
export function presentGroup(group: GroupRecord | undefined, now: number): GroupRecord | undefined {
  return group !== undefined && now < group.until ? group : undefined;
}

/** Whether another key took the group since this one did. */
export const isOvertaken = (group: GroupRecord | undefined, key: string): boolean =>
  group !== undefined && group.taker !== key;

/** A sequence that a claim may not name, or that is older than what is completed; undefined where it may go on. */
export function outdated(
  group: GroupRecord | undefined,
  sequence: Sequence | null,
  now: number,
): GroupAnswer | undefined {
  if (sequence === null) return undefined;
  const date = dateOf(sequence);
  if (date !== null && date > now + DAY_MS) return { outcome: 'sequence_ahead', now };
  const known = group?.mark ?? group?.takerSequence ?? null;
  if (group === undefined || known === null) return undefined;
  if (compareSequences(sequence, known) === null) return { outcome: 'sequence_kind', known, now };
  return group.mark !== null && isNewer(group.mark, sequence)
    ? { outcome: 'stale', mark: group.mark, now }
    : undefined;
}

/** Why a key cannot take the group now; undefined where it can. */
export function barred(
  group: GroupRecord | undefined,
  claim: Pick<Of<Claim>, 'key' | 'run'>,
  sequence: Sequence | null,
  now: number,
): GroupAnswer | undefined {
  if (group === undefined) return undefined;
  const { taker, since, end } = group;
  if (taker !== claim.key && end !== null && now < end) {
    const ofSameRun = claim.run !== null && claim.run === group.takerRun;
    return { outcome: 'busy', by: taker, since, until: end, ofSameRun, now };
  }
  if (sequence === null) return undefined;
  const waiting = [asking(group, now), group.asks].find(
    (other) => other && other.key !== claim.key && now < other.until && isNewer(other.sequence, sequence),
  );
  return waiting
    ? { outcome: 'busy', by: waiting.key, since, until: null, ofSameRun: false, now }
    : undefined;
}

/** The group once the key has taken it, or has its lease anew. */
export function taken(
  group: GroupRecord | undefined,
  key: string,
  record: ClaimRecord,
  now: number,
): GroupRecord {
  const displaced = group !== undefined && group.taker !== key ? asking(group, now) : null;
  const asks = displaced ?? group?.asks ?? null;
  return {
    taker: key,
    takerSequence: record.sequence,
    takerRun: record.run,
    since: record.claimedAt,
    end: record.expiresAt,
    takerBlocks: record.onExpired === 'block',
    mark: group?.mark ?? null,
    asks: asks?.key === key ? null : asks,
    until: Math.max(group?.until ?? 0, forgetAt(record)),
  };
}

/** The group after a change of a key that is in it. */
export function followed(group: GroupRecord, key: string, record: ClaimRecord, now: number): GroupRecord {
  const { sequence } = record;
  const raises =
    record.state === 'completed' &&
    sequence !== null &&
    (group.mark === null || isNewer(sequence, group.mark));
  return {
    ...group,
    ...(group.taker === key && {
      end: record.state === 'in_progress' ? record.expiresAt : null,
      takerBlocks: record.onExpired === 'block',
    }),
    ...(raises && { mark: sequence }),
    ...(group.asks?.key === key && !unresolved(record, now) && { asks: null }),
    until: Math.max(group.until, forgetAt(record)),
  };
}

/**
 * A person's word that whatever is completed in the group counts no more: the next change is done, however old it is, and
 * may have a date where there were numbers.
 */
export function clearMark(
  stored: GroupRecord | undefined,
  now: number,
): { readonly answer: ClearMarkOutcome; readonly next?: GroupRecord } {
  const group = presentGroup(stored, now);
  if (group === undefined) return { answer: { outcome: 'not_found' } };
  const takerSequence = group.end === null ? null : group.takerSequence;
  return { answer: { outcome: 'done', mark: group.mark }, next: { ...group, takerSequence, mark: null } };
}

/** The taker, where it waits for a person and has a sequence. */
function asking(group: GroupRecord, now: number): GroupRecord['asks'] {
  const { taker: key, takerSequence: sequence, takerBlocks, end } = group;
  if (!takerBlocks || sequence === null || end === null || now < end) return null;
  return { key, sequence, until: end + BLOCKED_MILLISECONDS };
}

const isNewer = (one: Sequence, other: Sequence): boolean => (compareSequences(one, other) ?? 0) > 0;
