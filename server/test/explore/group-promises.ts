import { compareSequences } from '@onceonly/shared/sequence.ts';
import type { ClaimAnswer } from '../../src/claims/commands.ts';
import { unresolved, type ClaimRecord } from '../../src/claims/record.ts';
import type { GroupState, Run, Runs } from './group-state.ts';

const isNewer = (one: string | null, other: string | null): boolean =>
  one !== null && other !== null && (compareSequences(one, other) ?? 0) > 0;

/** Whether somebody was told so, and it still counts. */
const isCompleted = (key: GroupState['keys'][number] | undefined): boolean =>
  key !== undefined && key.completedAt !== null;

const inGroup = (record: ClaimRecord | undefined): record is ClaimRecord => record?.group === 'g';

const isLive = (record: ClaimRecord | undefined, now: number): boolean =>
  inGroup(record) && record.state === 'in_progress' && now < record.expiresAt;

/** The promise that a state breaks by itself; null where all are kept. */
export function brokenState(runs: Runs, { keys, group, now }: GroupState): string | null {
  const live = keys.filter(({ record }) => isLive(record, now));
  if (live.length > 1) return 'Two runs of one group are at work.';
  const { mark = null } = group ?? {};
  const completed = runs.events.filter((_, index) => isCompleted(keys[index]));
  const lost = completed.find(
    ({ sequence, outside }) => !outside && sequence !== null && isLost(sequence, mark),
  );
  return lost === undefined ? null : `The mark is lower than what is completed: ${String(lost.sequence)}.`;
}

const isLost = (sequence: string, mark: string | null): boolean => mark === null || isNewer(sequence, mark);

/** The promise that an answer to a claim breaks. */
export function brokenClaim(
  runs: Runs,
  before: GroupState,
  index: number,
  answer: ClaimAnswer,
): string | null {
  const { keys, now } = before;
  const run = runs.events[index];
  const record = keys[index]?.record;
  if (run === undefined || run.outside) return null;
  const newer = runs.events.filter(
    ({ sequence, outside }) => outside !== true && isNewer(sequence, run.sequence),
  );
  const isDone = (other: Run): boolean => isCompleted(keys[runs.events.indexOf(other)]);
  switch (answer.outcome) {
    case 'stale':
      return newer.some(isDone) ? null : 'A change was called old, and no newer one is completed.';
    case 'completed':
      return !isCompleted(keys[index]) && record?.state !== 'completed'
        ? 'Work that was not done was called completed.'
        : null;
    case 'acquired':
      if (answer.reentrant && !isLive(record, now) && before.lastTaker !== index) {
        return 'A holder was given back a lease, and another key had the group since.';
      }
      if (!answer.reentrant && newer.some(isDone))
        return 'An older change was begun after a newer one was completed.';
      return !answer.reentrant && isAskedFor(newer, before, runs)
        ? 'An older change was begun while a newer one waits for a person.'
        : null;
    case 'busy':
      return whyNotBusy(runs, before, index, answer);
    default:
      return null;
  }
}

/** Of several that wait for a person a group knows one; it is sure of the last taker, and of the only one that ever waits. */
function isAskedFor(newer: readonly Run[], { keys, now, lastTaker }: GroupState, runs: Runs): boolean {
  const blocking = runs.events.filter(({ blocks }) => blocks !== undefined);
  return newer.some((other) => {
    const index = runs.events.indexOf(other);
    const record = keys[index]?.record;
    const isKnown = index === lastTaker || (other.blocks === true && blocking.length === 1);
    return isKnown && inGroup(record) && unresolved(record, now);
  });
}

/** Somebody can always go on: a claim is held up only by a run at work, or by a person who has to decide. */
function whyNotBusy(
  runs: Runs,
  { keys, now }: GroupState,
  index: number,
  answer: ClaimAnswer & { outcome: 'busy' },
) {
  const other = runs.events.findIndex(({ key }) => key === answer.by);
  const record = keys[other]?.record;
  if (other === index) return 'A key waits for itself.';
  if (answer.until !== null) {
    if (!isLive(record, now)) return 'A claim waits for a run that is not at work.';
    const isOfSameRun = runs.events[index]?.of !== undefined && record?.run === runs.events[index].of;
    return answer.ofSameRun === isOfSameRun ? null : 'A run would wait for itself.';
  }
  return record !== undefined &&
    unresolved(record, now) &&
    isNewer(runs.events[other]?.sequence ?? null, runs.events[index]?.sequence ?? null)
    ? null
    : 'A claim waits for a person who has nothing to decide.';
}

/** The promise that an acknowledged end breaks. */
export function brokenEnd(
  runs: Runs,
  before: GroupState,
  index: number,
  next: ClaimRecord,
  byPerson: boolean,
): string | null {
  const isOvertaken = inGroup(next) && before.lastTaker !== null && before.lastTaker !== index;
  const asksWork = next.state === 'completed' || next.state === 'in_progress' || next.rejectedEmpty;
  return isOvertaken && asksWork && !byPerson
    ? `The run of ${String(runs.events[index]?.key)} was told that its work counts, and another key took the group since.`
    : null;
}
