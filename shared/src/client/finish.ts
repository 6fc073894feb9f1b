import { createHash } from 'node:crypto';
import { judgeResult } from '../empty/judge.ts';
import { isOnceOnlyError, OnceOnlyError } from '../errors.ts';
import type { Inputs } from '../inputs.ts';
import { asText, writtenResult, type JsonObject } from '../json.ts';
import { LIMITS } from '../limits.ts';
import type { Operation } from '../operations/operation.ts';
import { completeKey } from '../operations/complete-key.ts';
import { extendClaim } from '../operations/extend-claim.ts';
import { failKey } from '../operations/fail-key.ts';
import { releaseKey } from '../operations/release-key.ts';
import { tokenOf } from '../token.ts';
import { IN_WORDS } from './answer.ts';
import type { Call } from './call.ts';
import { toWire, type Added } from './translate.ts';
import { givenToken } from './given-token.ts';
import { isUnclear } from './send.ts';

/** An operation that ends or extends a claim: complete, fail, extend, release. */
export type Finish = (call: Call, inputs: Inputs) => Promise<JsonObject>;

/**
 * `completionsUnknown` holds the claim tokens whose completion got no answer. Those keys may be complete, so they are never
 * marked as failed.
 */
export function createFinishers(completionsUnknown: Set<string>) {
  return {
    completeKey: withLease(completeKey, (call, inputs) => complete(call, inputs, completionsUnknown)),
    failKey: withLease(failKey, (call, inputs) => fail(call, inputs, completionsUnknown)),
    extendClaim: withLease(extendClaim, async (call, inputs) => {
      return (await call.send(() => toWire(extendClaim.requests[0], inputs), call.deadlineAt)).answer;
    }),
    releaseKey: withLease(releaseKey, (call, inputs) => giveUp(call, releaseKey, inputs, 'released')),
  };
}

/** Reads the claim token first. A token of a test is refused, and a run that went on unprotected claims its key now. */
function withLease(operation: Operation, finish: Finish): Finish {
  return async (call, inputs) => {
    const token = givenToken(operation, inputs);
    switch (token?.kind) {
      case 'test':
        throw new OnceOnlyError('test_token', { field: 'claim_token' });
      case 'watched':
        return { status: 'watched', key: token.key };
      case 'lease':
      case undefined:
        return finish(call, inputs);
      case 'unprotected': {
        const body = { key: token.key, ...token.unclaimed };
        const { answer, resent } = await call.send(
          () => ({ method: 'POST', path: '/v1/ai/lease', body }),
          call.deadlineAt,
        );
        // After a try without an answer, the other run may be this run itself.
        if (resent && heldMeanwhile(answer) === 'lease_lost') throw new OnceOnlyError('no_answer');
        // This same run has completed the key before.
        if (
          operation.id === 'completeKey' &&
          answer['status'] === 'completed' &&
          answer['reentrant'] === true
        )
          return answer;
        if (answer['busy'] === 'group') throw notItsTurn(answer);
        if (answer['status'] !== 'acquired')
          return { ...answer, state: answer['status'], status: heldMeanwhile(answer) };
        return finish(call, { ...inputs, claim_token: tokenOf(asText(answer['lease_id']), token.key) });
      }
    }
  };
}

const notItsTurn = ({ retry_after_sec: seconds }: JsonObject): OnceOnlyError =>
  new OnceOnlyError('not_its_turn', typeof seconds === 'number' ? { retryAfterSeconds: seconds } : {});

/** Why a run that went on unprotected cannot finish the key: another run is at work, or has finished it. */
const heldMeanwhile = (answer: JsonObject): string =>
  ['in_progress', 'polling'].includes(asText(answer['status'])) ? 'lease_lost' : 'already_finished';

async function complete(call: Call, inputs: Inputs, completionsUnknown: Set<string>): Promise<JsonObject> {
  const { empty, reasoningTokens } = judgeResult(inputs['reject_empty'] === true ? inputs['result'] : true);
  if (empty) {
    if (!(await call.capabilities.has('reject_empty', call.deadlineAt))) {
      const reason = { ...inputs, reason: 'empty_output' };
      const answer = await giveUp(call, releaseKey, reason, 'failed');
      return { ...answer, error_code: 'empty_output', reasoning_tokens: reasoningTokens };
    }
  }
  const [request] = completeKey.requests;
  const send = async (values: Inputs, added: Added): Promise<JsonObject> =>
    (await call.send(() => toWire(request, values, added), call.deadlineAt)).answer;
  const token = asText(inputs['claim_token']);
  const result = writtenResult(toWire(request, inputs).body?.['result'] ?? null);
  // Finished work is completed even if its result cannot be sent. An empty result is sent as none, so that the service
  // rejects it as well.
  const withoutResult = async (): Promise<JsonObject> => {
    const added = result === null ? {} : { result_hash: createHash('sha256').update(result).digest('hex') };
    const answer = await send({ ...inputs, result: empty ? null : { truncated: true } }, added);
    return answer['error_code'] === 'empty_output'
      ? { ...answer, reasoning_tokens: reasoningTokens }
      : answer;
  };
  try {
    if (result === null || Buffer.byteLength(result) > LIMITS.resultBytes) return await withoutResult();
    return await send(inputs, {}).catch((error: unknown) => {
      if (isRefusedForSize(error)) return withoutResult();
      throw error;
    });
  } catch (error) {
    if (isUnclear(error)) completionsUnknown.add(token);
    throw error;
  }
}

const isRefusedForSize = (error: unknown): boolean =>
  isOnceOnlyError(error) &&
  error.code === 'invalid_input' &&
  (error.details.httpStatus === 413 || error.details.field === 'result');

async function fail(call: Call, inputs: Inputs, completionsUnknown: Set<string>): Promise<JsonObject> {
  if (completionsUnknown.has(asText(inputs['claim_token']))) throw new OnceOnlyError('completion_unknown');
  // A service that does not support retryable failures gets a cancellation instead.
  if (inputs['retryable'] === true && !(await call.capabilities.has('retryable', call.deadlineAt))) {
    return giveUp(call, releaseKey, inputs, 'failed');
  }
  return giveUp(call, failKey, inputs, 'failed');
}

/** Sends a failure or a cancellation. If a repeated request finds that the lease is gone, the first one had taken effect. */
async function giveUp(call: Call, operation: Operation, inputs: Inputs, ended: string): Promise<JsonObject> {
  const [request] = operation.requests;
  const { answer, resent } = await call.send(() => toWire(request, inputs), call.deadlineAt);
  const status = asText(answer['status']);
  if (resent && ['lease_lost', 'not_found'].includes(status) && isOfKey(answer))
    return { ...answer, status: ended };
  const isGivenUp =
    ['cancelled', 'canceled', 'released'].includes(status) ||
    (request.path === '/v1/ai/cancel' && answer['ok'] === true);
  return isGivenUp ? { ...answer, status: ended } : answer;
}

/** Whether a refusal in words is about the key, and not about the URL. */
const isOfKey = ({ [IN_WORDS]: words }: JsonObject): boolean =>
  typeof words !== 'string' || /\b(lease|key|claim|record)\b/i.test(words);
