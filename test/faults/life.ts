import { LEASE_MS, type Answer, type Operation } from './history.ts';

/**
 * The key's life as clients can know it: the table of who may do what when, with the time at which a lease ends only as
 * exactly as the answers tell. Written apart from the server's own, so that neither can hide the other's fault.
 */
export interface Life {
  readonly state: 'none' | 'in_progress' | 'failed' | 'completed' | 'released';
  /** Null where the claim was never answered: nobody can name its lease. */
  readonly lease: string | null;
  readonly attempt: number;
  /** Of the last claim that was answered. */
  readonly fence: number;
  /** The lease ends no earlier, and no later. */
  readonly endsFrom: number;
  readonly endsTo: number;
}

export const UNCLAIMED: Life = {
  state: 'none',
  lease: null,
  attempt: 0,
  fence: 0,
  endsFrom: 0,
  endsTo: 0,
};

/** Clocks of processes on one machine agree better than this; instants are told in whole milliseconds. */
const TOLERANCE_MS = 20;

/**
 * The life after the operation, which happened at `by` at the latest; undefined where its answer cannot follow on this
 * life or, without an answer, nothing would come of it.
 */
export function follow(life: Life, operation: Operation, by: number): Life | undefined {
  const { call, answer } = operation;
  if (answer === null) return unanswered(life, operation, by);
  switch (call.do) {
    case 'claim':
      return answer.said === 'acquired' ? acquire(life, answer, by) : see(life, operation, answer);
    case 'read':
      return see(life, operation, answer);
    default:
      return finish(life, call.do, call.lease, answer);
  }
}

function acquire(
  life: Life,
  { lease, fence, attempt, endsAt }: Extract<Answer, { said: 'acquired' }>,
  by: number,
): Life | undefined {
  const right = mayAcquire(life, by) && attempt === life.attempt + 1 && fence > life.fence;
  return right
    ? { state: 'in_progress', lease, attempt, fence, endsFrom: endsAt, endsTo: endsAt }
    : undefined;
}

function mayAcquire({ state, endsFrom }: Life, by: number): boolean {
  return state === 'in_progress' ? endsFrom <= by + TOLERANCE_MS : state !== 'completed';
}

/** A refused claim, or a read: changes nothing, and is true. */
function see(life: Life, { call, startedAt }: Operation, answer: Answer): Life | undefined {
  if (answer.said === 'not_found') {
    return call.do === 'read' && (life.state === 'none' || life.state === 'released') ? life : undefined;
  }
  if (!('fence' in answer) || answer.said !== life.state) return undefined;
  if (life.lease === null ? answer.fence <= life.fence : answer.fence !== life.fence) return undefined;
  // Every failure here may be tried again.
  if (call.do === 'claim' && answer.said === 'failed') return undefined;
  const tooLate =
    call.do === 'claim' && answer.said === 'in_progress' && life.endsTo < startedAt - TOLERANCE_MS;
  return tooLate ? undefined : life;
}

const ENDS = { complete: 'completed', fail: 'failed', cancel: 'released' } as const;
type ByLease = keyof typeof ENDS | 'extend';

function finish(life: Life, how: ByLease, lease: string, answer: Answer): Life | undefined {
  const due = refusal(life, how, lease);
  if (due !== undefined) return answer.said === due ? life : undefined;
  if (how === 'extend') {
    if (answer.said !== 'extended') return undefined;
    return { ...life, endsFrom: answer.endsAt, endsTo: answer.endsAt };
  }
  return answer.said === 'done' ? { ...life, state: ENDS[how] } : undefined;
}

/** What a call by lease has to be told, if not that it is done. */
function refusal({ state, lease: current }: Life, how: ByLease, lease: string) {
  if (state === 'none') return 'not_found';
  if (lease !== current) return 'lease_lost';
  if (state === 'in_progress' || (how !== 'extend' && ENDS[how] === state)) return undefined;
  if (state === 'released') return 'lease_lost';
  return how === 'complete' ? undefined : 'already_finished';
}

/** What a call without an answer did, if it did something. */
function unanswered(life: Life, { call, startedAt }: Operation, by: number): Life | undefined {
  if (!('lease' in call)) {
    if (call.do === 'read' || !mayAcquire(life, by)) return undefined;
    const endsFrom = Math.max(startedAt, life.state === 'in_progress' ? life.endsFrom : 0) + LEASE_MS;
    return {
      state: 'in_progress',
      lease: null,
      attempt: life.attempt + 1,
      fence: life.fence,
      endsFrom: endsFrom - TOLERANCE_MS,
      endsTo: Number.POSITIVE_INFINITY,
    };
  }
  if (refusal(life, call.do, call.lease) !== undefined) return undefined;
  if (call.do === 'extend') {
    return life.endsTo === Number.POSITIVE_INFINITY
      ? undefined
      : { ...life, endsTo: Number.POSITIVE_INFINITY };
  }
  return ENDS[call.do] === life.state ? undefined : { ...life, state: ENDS[call.do] };
}
