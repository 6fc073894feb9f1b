import { clearMark, type GroupRecord } from '../../src/claims/group.ts';
import {
  cancelKey,
  claimKey,
  completeKey,
  extendKey,
  failKey,
  groupOf,
  resolveKey,
  type Decision,
} from '../../src/claims/life.ts';
import { isForgotten, unresolved, type ClaimRecord } from '../../src/claims/record.ts';
import { claimOf, completeOf, failOf, TENANT } from '../store/fixture.ts';
import type { Machine, Step } from './explorer.ts';
import { canonicalGroup, type GroupState, type Runs } from './group-state.ts';
import { brokenClaim, brokenEnd, brokenState } from './group-promises.ts';

/** A lease lasts one unit of time, a finished key is remembered for two. */
const UNIT_MS = 1_000;
const TTL_SECONDS = 1;
const RETENTION_SECONDS = 2;
/** All that a person waits to decide, and is kept for that. */
const BLOCKED_MS = 400 * 86_400_000;

/** One group, and all that its keys' runs, their late ones, an error workflow, a person and time may do to it, in any order. */
export function groupMachine(runs: Runs): Machine<GroupState> {
  const keys = [...runs.events.keys()];
  return {
    start: {
      now: 0,
      group: undefined,
      keys: runs.events.map(() => ({ record: undefined, delivered: 0, completedAt: null })),
      leases: 0,
      lastTaker: null,
    },
    canonical: (state) => canonicalGroup(runs, state),
    *steps(state) {
      for (const index of keys) {
        yield* claims(runs, state, index);
        yield* ends(runs, state, index);
      }
      if (state.group !== undefined && runs.clears === true) {
        const { next } = clearMark(state.group, state.now);
        const cleared = { ...state, group: next ?? state.group, keys: state.keys.map(forgetCompletion) };
        yield stepTo(runs, 'a person clears the mark', cleared, null);
      }
      yield passed(runs, state, UNIT_MS);
      if (state.keys.some(({ record }) => record && unresolved(record, state.now))) {
        yield passed(runs, state, BLOCKED_MS);
      }
    },
  };
}

/** Whoever clears the mark wants what is completed to count no more. */
const forgetCompletion = (key: GroupState['keys'][number]) => ({ ...key, completedAt: null });

function* claims(runs: Runs, state: GroupState, index: number): Iterable<Step<GroupState>> {
  const run = runs.events[index];
  const stored = state.keys[index];
  if (run === undefined || stored === undefined || stored.delivered >= runs.deliveries) return;
  // A run that names itself may ask again; one that does not is another one each time.
  const always = run.blocks === true ? ('block' as const) : null;
  const wishes = run.blocks === 'sometimes' ? [null, 'block' as const] : [always];
  const holders = [`holder ${String(index)}`, null];
  for (const [holder, onExpired] of holders.flatMap((each) => wishes.map((wish) => [each, wish] as const))) {
    const claim = claimOf(run.key, {
      holder,
      run: run.of ?? null,
      ttlSeconds: TTL_SECONDS,
      retentionSeconds: RETENTION_SECONDS,
      onExpired,
      maxAttempts: runs.maxAttempts ?? null,
      group: run.outside ? null : 'g',
      sequence: run.outside ? null : run.sequence,
    });
    let { leases } = state;
    const moment = {
      now: state.now,
      leaseId: () => `lease ${String((leases += 1))}`,
      fence: () => leases,
    };
    const group = groupOf(stored.record, claim, state.now) === null ? undefined : state.group;
    const { answer, next, nextGroup } = claimKey(stored.record, claim, moment, group);
    const isTaken = answer.outcome === 'acquired' && !answer.reentrant;
    const after = written(state, index, { next, nextGroup }, { leases, delivered: stored.delivered + 1 });
    const told = isTaken && nextGroup !== undefined ? { ...after, lastTaker: index } : after;
    const what = `claim ${run.key}${run.sequence ?? ''} as ${holder ?? 'somebody'}${onExpired ?? ''} → ${answer.outcome}`;
    yield stepTo(runs, what, told, brokenClaim(runs, state, index, answer));
  }
}

/** What its holder, an error workflow and a person may say of a key, whenever. */
function* ends(runs: Runs, state: GroupState, index: number): Iterable<Step<GroupState>> {
  const { record } = state.keys[index] ?? {};
  const key = runs.events[index]?.key ?? '';
  if (record === undefined) return;
  const { leaseId, version } = record;
  const { now, group } = state;
  const moment = { now, leaseId: () => `person ${String(state.leases)}` };
  const address = { tenant: TENANT, key };
  const empty = { rejectEmpty: true, resultEmpty: true };
  const decisions: [what: string, decision: Decision<{ readonly outcome: string }>, byPerson: boolean][] = [
    ['complete', completeKey(record, completeOf(key, leaseId), { now }, group), false],
    ['complete, empty', completeKey(record, completeOf(key, leaseId, empty), { now }, group), false],
    [
      'fail, to be tried again',
      failKey(record, failOf(key, leaseId, { retryable: true }), { now }, group),
      false,
    ],
    ['fail', failKey(record, failOf(key, leaseId), { now }, group), false],
    ['extend', extendKey(record, { ...address, leaseId, ttlSeconds: null }, { now }, group), false],
    ['cancel', cancelKey(record, { ...address, leaseId, reason: null }, { now }, group), false],
  ];
  const isKnown = !leaseId.startsWith('person');
  for (const to of ['completed', 'failed', 'released'] as const) {
    const word = { ...address, version, to, result: null, retryable: true, reason: null, by: 'operator' };
    decisions.push([`a person says ${to}`, resolveKey(record, word, moment, group), true]);
  }
  for (const [what, decision, byPerson] of decisions) {
    if (!byPerson && !isKnown) continue;
    const { answer, next, nextGroup } = decision;
    if (next === undefined) continue;
    const isCompleted = next.state === 'completed';
    const after = written(state, index, { next, nextGroup }, isCompleted ? { completedAt: now } : {});
    yield stepTo(
      runs,
      `${what} ${key} → ${answer.outcome}`,
      after,
      brokenEnd(runs, state, index, next, byPerson),
    );
  }
}

function written(
  state: GroupState,
  index: number,
  { next, nextGroup }: { next?: ClaimRecord | undefined; nextGroup?: GroupRecord | undefined },
  { leases = state.leases, ...changes }: Partial<GroupState['keys'][number]> & { leases?: number },
): GroupState {
  const keys = state.keys.map((key, at) =>
    at === index ? { ...key, record: next ?? key.record, ...changes } : key,
  );
  return { ...state, leases, keys, group: nextGroup ?? state.group };
}

/** What is forgotten is swept at once: that it counts no more before that is a matter of the other machine. */
function passed(runs: Runs, state: GroupState, milliseconds: number): Step<GroupState> {
  const now = state.now + milliseconds;
  const keys = state.keys.map((key) =>
    key.record !== undefined && isForgotten(key.record, now) ? { ...key, record: undefined } : key,
  );
  const isGone = state.group !== undefined && now >= state.group.until;
  const after = {
    ...state,
    now,
    group: isGone ? undefined : state.group,
    keys: isGone ? keys.map(forgetCompletion) : keys,
    lastTaker: isGone ? null : state.lastTaker,
  };
  return stepTo(runs, `${String(milliseconds / 1_000)} s pass`, after, null);
}

const stepTo = (runs: Runs, what: string, state: GroupState, broken: string | null): Step<GroupState> => ({
  what,
  state,
  broken: broken ?? brokenState(runs, state),
});
