import { OnceOnlyError } from '../errors.ts';
import type { Inputs } from '../inputs.ts';
import { asText, type JsonObject } from '../json.ts';
import type { Operation, Request } from '../operations/operation.ts';
import { TIMES } from '../operations/parts.ts';
import { input } from '../rules.ts';
import { unprotectedLease } from '../token.ts';
import { toWire } from './translate.ts';
import type { Call } from './call.ts';
import { isUnclear } from './send.ts';

/** The time reserved for what follows the wait: the answer, and one more try. */
const SPARE_MS = 5_000;
const WAIT_MS = 20_000;

/**
 * Claims, and waits while another run is at work. A claim without an answer is sent again with the same holder, and so finds its
 * own lease. If the service does not support holders, the “other run” after such a repetition may be this run itself. The result
 * is then `unconfirmed`, and the run is never stopped. `before` runs first and may refuse the call; if it gets no answer,
 * that is handled like a claim without an answer.
 */
export async function claim(
  call: Call,
  operation: Pick<Operation, 'id' | 'requests'>,
  inputs: Inputs,
  before: () => Promise<void>,
): Promise<JsonObject> {
  const { timing } = call;
  const [request] = operation.requests;
  const holder = call.context.holder ?? call.newId();
  const waitUntil = waitsUntil(call);
  const turnUntil = Math.max(waitUntil, timing.now() + turnMs(inputs));
  const deadlineAt = Math.max(call.deadlineAt, turnUntil + SPARE_MS);
  const waits =
    'wait' in request.send &&
    inputs['on_duplicate'] !== 'watch' &&
    (call.context.waits?.(asText(toWire(request, inputs).body?.['key'])) ?? true);
  let resent = false;
  let until = waitUntil;
  try {
    await before();
    for (;;) {
      const askedAt = timing.now();
      let wait = 0;
      const sent = await call.send(() => {
        wait = waits ? Math.floor(Math.min(WAIT_MS, until - timing.now()) / 1_000) : 0;
        const { run } = call.context;
        const { origin } = call;
        const added = { holder, ...(run && { run }), ...(origin && { origin }), ...(wait > 0 && { wait }) };
        return toWire(request, inputs, added);
      }, deadlineAt);
      resent ||= sent.resent;
      const { answer } = sent;
      const status = asText(answer['status']);
      if (resent && ['in_progress', 'polling', 'duplicate'].includes(status) && !(await knowsHolders(call))) {
        return { ...answer, status: 'unconfirmed' };
      }
      if (!['in_progress', 'polling'].includes(status) || answer['same_run'] === true) return answer;
      const isBusy = answer['busy'] === 'group';
      const isPatient = isBusy || call.context.waitMs !== undefined;
      until = isBusy ? turnUntil : waitUntil;
      // It has waited itself, and goes on to do so: whoever's turn comes is told at once.
      const hasWaited = isPatient && wait > 0 && timing.now() - askedAt >= wait * 500;
      if (hasWaited && timing.now() + 1_000 < until) continue;
      // A service that does not wait itself is asked again.
      const pauseSeconds = pauseOf(answer);
      if (!waits || timing.now() + pauseSeconds * 1_000 > until)
        return { ...answer, retry_after_sec: pauseSeconds };
      await timing.sleep(pauseSeconds * 1_000);
    }
  } catch (error) {
    return unanswered(inputs, holder, operation.id === 'lockKey' ? ofLock(error) : error);
  }
}

/** A lock has no holder by which a repeated request finds it. So after a lock without an answer, this run may have taken it. */
const ofLock = (error: unknown): unknown =>
  isUnclear(error) && error.code !== 'unexpected_answer'
    ? new OnceOnlyError('lock_unknown', error.details)
    : error;

/**
 * When to ask again, in seconds: as the service says, but at least half of the claim's age, since a service that always says the
 * same few seconds would be asked thousands of times. Never long after the end of the lease, when another run may take over.
 */
function pauseOf({ retry_after_sec: asked, ttl, ttl_left: left }: JsonObject): number {
  const least = Math.max(1, Number(asked ?? 1));
  if (typeof ttl !== 'number' || typeof left !== 'number') return least;
  return Math.max(least, Math.min(Math.floor((ttl - left) / 2), left + 1));
}

/** The time until which a claim that starts now waits for another run. */
export const waitsUntil = ({ timing, deadlineAt, context: { waitMs } }: Call): number =>
  waitMs === undefined ? Math.min(timing.now() + WAIT_MS, deadlineAt - SPARE_MS) : timing.now() + waitMs;

/** How long a claim waits for its turn in a group, in milliseconds. */
export const turnMs = ({ group, wait_minutes: minutes }: Inputs): number =>
  (group ?? null) !== null && typeof minutes === 'number' ? minutes * 60_000 : 0;

/** The claim that a run which went on unprotected makes at its end. */
const KEPT: Request = {
  method: 'POST',
  path: '/v1/ai/lease',
  send: {
    ...TIMES,
    fingerprint: input('fingerprint'),
    group: input('group'),
    sequence: input('sequence'),
  },
};

/** The answer for a claim without an answer: the run goes on unprotected if the user chose so. Otherwise throws the error. */
export function unanswered(inputs: Inputs, holder: string, error: unknown): JsonObject {
  if (inputs['when_unreachable'] !== 'continue' || !isUnclear(error) || error.code === 'unexpected_answer')
    throw error;
  const unclaimed = {
    ...toWire(KEPT, inputs).body,
    holder: asText(inputs['run_reference'] ?? holder),
  };
  return { status: 'unprotected', lease_id: unprotectedLease(unclaimed) };
}

async function knowsHolders(call: Call): Promise<boolean> {
  try {
    return await call.capabilities.has('holder', call.deadlineAt);
  } catch {
    return false;
  }
}
