import { compareSequences, dateOf, type Sequence } from '@onceonly/shared/sequence.ts';
import type { ClearMarkOutcome, Claim, GroupAnswer, Of } from './commands.ts';
import { BLOCKED_MILLISECONDS, DAY_MS, forgetAt, unresolved, type ClaimRecord } from './record.ts';

/**
 * What a store keeps about a group. Its keys must not be worked on at the same time, so only one key has the group, the taker.
 * If the keys have sequences, a key may not follow one with a newer sequence that was completed.
 */
export interface GroupRecord {
  /** The key that took the group last. It remains here when the group is free. */
  readonly taker: string;
  readonly takerSequence: Sequence | null;
  readonly takerRun: string | null;
  /** When it took the group. */
  readonly since: number;
  /** When the taker's lease ends; null if its work has ended, so that the group is free. */
  readonly end: number | null;
  /** The taker has `block`: once its lease has expired, it waits for a person, and nobody may take it over. */
  readonly takerBlocks: boolean;
  /** The newest sequence that was completed. */
  readonly mark: Sequence | null;
  /** A key that waits for a person's decision, while another key has the group. */
  readonly asks: { readonly key: string; readonly sequence: Sequence; readonly until: number } | null;
  /** When the group is forgotten: not before any key that took it. */
  readonly until: number;
}

/** The group, unless there is none or it has expired. */
export function presentGroup(group: GroupRecord | undefined, now: number): GroupRecord | undefined {
  return group !== undefined && now < group.until ? group : undefined;
}

/** Whether another key took the group after this one did. */
export const isOvertaken = (group: GroupRecord | undefined, key: string): boolean =>
  group !== undefined && group.taker !== key;

/** The answer if a claim must not have this sequence, or if a newer one was completed; undefined if neither is so. */
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

/** The answer if a key cannot take the group now; undefined if it can. */
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

/** The group after the key took it, or renewed its lease. */
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

/** The group after the record of one of its keys changed. */
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
 * Forgets what was completed in the group, because a person said so. The next change is accepted however old it is, and may have
 * a date where there were numbers.
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

/** The taker, if it waits for a person's decision and has a sequence. */
function asking(group: GroupRecord, now: number): GroupRecord['asks'] {
  const { taker: key, takerSequence: sequence, takerBlocks, end } = group;
  if (!takerBlocks || sequence === null || end === null || now < end) return null;
  return { key, sequence, until: end + BLOCKED_MILLISECONDS };
}

const isNewer = (one: Sequence, other: Sequence): boolean => (compareSequences(one, other) ?? 0) > 0;
