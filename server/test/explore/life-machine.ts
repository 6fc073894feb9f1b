import { hasUnreportedDeath, isForgotten, withDeathReported } from '../../src/claims/record.ts';
import type { Machine, Step } from './explorer.ts';
import { CLAIMS, decisions, failureOfRun, finishes, type Act } from './life-acts.ts';
import { brokenBy, toldAfter } from './life-promises.ts';
import { BLOCKED_MS, canonicalLife, NOTHING, SECOND_MS, type LifeState } from './life-state.ts';

/** One key, and all that three holders, an error workflow, a person, the sweep and time may do to it, in any order. */
export const lifeMachine: Machine<LifeState> = {
  start: NOTHING,
  canonical: canonicalLife,
  *steps(state) {
    for (const act of [...CLAIMS, ...finishes(state), ...failureOfRun(state), ...decisions(state)]) {
      yield asked(state, act);
    }
    yield passed(state, SECOND_MS);
    yield passed(state, BLOCKED_MS);
    const { record, now } = state;
    if (record !== undefined && hasUnreportedDeath(record, now)) {
      yield {
        what: 'its death is told',
        state: { ...state, record: withDeathReported(record) },
        broken: null,
      };
    }
    if (record !== undefined && isForgotten(record, now)) {
      yield { what: 'it is swept', state: { ...state, record: undefined }, broken: null };
    }
  },
};

function asked(state: LifeState, act: Act): Step<LifeState> {
  let { leases, fences } = state;
  const moment = {
    now: state.now,
    leaseId: () => `${act.by === 'person' ? 'person' : 'lease'} ${String((leases += 1))}`,
    fence: () => (fences += 1),
  };
  const { answer, next } = act.decide(state.record, moment);
  const decided: LifeState = { ...state, record: next ?? state.record, leases, fences };
  const after = toldAfter(state, act, answer, decided);
  return { what: act.what, state: after, broken: brokenBy(state, act, answer, after) };
}

function passed(state: LifeState, milliseconds: number): Step<LifeState> {
  const after: LifeState = { ...state, now: state.now + milliseconds };
  return {
    what: `${String(milliseconds / 1_000)} s pass`,
    state: after,
    broken: brokenBy(state, null, null, after),
  };
}
