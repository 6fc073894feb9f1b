import { LIMITS } from '@onceonly/shared/limits.ts';
import { asText, type Json, type JsonObject } from '@onceonly/shared/json.ts';
import { readBody, type Transport } from '@onceonly/shared/transport.ts';
import type { Claim, FinishOutcome, Of } from '../../../server/src/claims/commands.ts';
import { type ClaimStore, StoreUnavailable } from '../../../server/src/claims/claim-store.ts';
import type { Waiting } from '../../../server/src/claims/waiting.ts';
import {
  extendAnswer,
  finishAnswer,
  groupAnswer,
  leaseAnswer,
  type Answer,
} from '../../../server/src/http/answers.ts';
import { mismatchAnswer, refusedAnswer } from '../../../server/src/http/outcomes.ts';

export type Claims = Pick<ClaimStore, 'claim' | 'complete' | 'fail' | 'extend' | 'read'>;

/** An embedded store has one tenant. */
const TENANT = 'local';

/**
 * Answers as a server would, from a store in this process. It knows only the requests that this package sends.
 * @param check Throws StoreUnavailable if what the store has just answered is not kept.
 */
export function createTransport(
  claims: Claims,
  waiting: Waiting,
  check: () => void = () => undefined,
): Transport {
  return async ({ path, body = {} }) => {
    try {
      const answer = await answerTo(path, body);
      check();
      return typeof answer === 'string'
        ? { status: 200, headers: {}, body: readBody(answer) }
        : { status: answer.status, headers: {}, body: { detail: answer.detail } };
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      return { status: 503, headers: {}, body: { detail: error.message } };
    }
  };

  function answerTo(path: string, body: JsonObject): Promise<Answer> | Answer {
    const key = asText(body['key']);
    const lease = { tenant: TENANT, key, leaseId: asText(body['lease_id']) };
    switch (path) {
      case '/v1/ai/lease':
        return claim(readClaim(key, body), Number(body['wait'] ?? 0) * 1_000);
      case '/v1/ai/extend':
        return ended(key, claims.extend({ ...lease, ttlSeconds: null }), extendAnswer);
      case '/v1/ai/complete':
        return ended(
          key,
          claims.complete({
            ...lease,
            result: body['result'] === undefined ? null : JSON.stringify(body['result']),
            resultHash: textOrNull(body['result_hash']),
            ...{ rejectEmpty: false, resultEmpty: false },
          }),
          finishAnswer,
        );
      case '/v1/ai/fail':
        return ended(
          key,
          claims.fail({
            ...lease,
            errorCode: asText(body['error_code']),
            retryable: body['retryable'] === true,
            noEffect: body['effect'] === 'none',
          }),
          finishAnswer,
        );
      default:
        return { status: 404, detail: `There is no ${path} here.` };
    }
  }

  async function claim(asked: Of<Claim>, waitMs: number): Promise<Answer> {
    const outcome =
      waitMs > 0
        ? await waiting.claim(asked, waitMs, new AbortController().signal)
        : await claims.claim(asked);
    switch (outcome.outcome) {
      case 'fingerprint_mismatch':
      case 'group_mismatch':
      case 'sequence_ahead':
      case 'sequence_kind':
        return mismatchAnswer(asked.key, outcome.outcome, true);
      case 'busy':
      case 'stale':
        return groupAnswer(asked, outcome, {});
      default:
        return leaseAnswer(TENANT, asked.key, outcome);
    }
  }

  async function ended(
    key: string,
    ending: Promise<FinishOutcome>,
    answer: (key: string, done: Extract<FinishOutcome, { outcome: 'done' }>) => string,
  ): Promise<Answer> {
    const outcome = await ending;
    waiting.changed(TENANT, key);
    return outcome.outcome === 'done' ? answer(key, outcome) : refusedAnswer(key, outcome, true);
  }
}

function readClaim(key: string, body: JsonObject): Of<Claim> {
  return {
    ...{ tenant: TENANT, key, holder: textOrNull(body['holder']), run: null, metadata: null },
    ...{ group: null, sequence: null },
    ttlSeconds: numberOrNull(body['ttl']) ?? LIMITS.ttlSeconds.default,
    retentionSeconds: numberOrNull(body['retention']),
    onExpired: body['on_expired'] === 'block' ? 'block' : null,
    maxAttempts: numberOrNull(body['max_attempts']),
    fingerprint: textOrNull(body['fingerprint']),
  };
}

const textOrNull = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);
const numberOrNull = (value: Json | undefined): number | null => (typeof value === 'number' ? value : null);
