import { attempt as orError } from '@onceonly/shared/client/items.ts';
import type { Call } from '@onceonly/shared/client/call.ts';
import { claim } from '@onceonly/shared/client/claim.ts';
import { createFinishers } from '@onceonly/shared/client/finish.ts';
import type { Timing } from '@onceonly/shared/client/send.ts';
import { openService } from '@onceonly/shared/client/service.ts';
import { OnceOnlyError as SharedError } from '@onceonly/shared/errors.ts';
import { asText, isObject, type JsonObject } from '@onceonly/shared/json.ts';
import type { Operation } from '@onceonly/shared/operations/operation.ts';
import { client, evaluate, input } from '@onceonly/shared/rules.ts';
import { tokenOf } from '@onceonly/shared/token.ts';
import type { Transport } from '@onceonly/shared/transport.ts';
import { needsMore, type Asked } from './options.ts';

/** A whole call but the wait for another attempt, tries included, ends within this. */
const CALL_MS = 25_000;

/** A claim as a program asks for it; what it is asked for is named as in `Asked`. */
const CLAIM: Pick<Operation, 'id' | 'requests'> = {
  id: 'claimKey',
  requests: [
    {
      method: 'POST',
      path: '/v1/ai/lease',
      send: {
        key: input('key'),
        ttl: input('ttlSeconds'),
        retention: input('retentionSeconds'),
        on_expired: input('onExpired'),
        max_attempts: input('maxAttempts'),
        fingerprint: input('fingerprint'),
        holder: client('holder'),
        wait: client('wait'),
      },
    },
  ],
};

/** A key that this attempt holds. */
export interface Lease {
  readonly key: string;
  /** For how long, from the answer on. */
  readonly ttlSeconds: number;
  readonly attempt: number | null;
  readonly fence: number | null;
  readonly idempotencyKey: string;
  /** Throws a SharedError where there was no answer. */
  extend(): Promise<JsonObject>;
  complete(result: JsonObject | null): Promise<JsonObject>;
  fail(failure: {
    readonly reason: string;
    readonly retryable: boolean;
    readonly noEffect: boolean;
  }): Promise<JsonObject>;
}

export type Claimed =
  | { readonly lease: Lease }
  /** What the service told instead. */
  | { readonly told: JsonObject };

export interface Service {
  /** Claims, and waits for another attempt as long as asked. Throws a SharedError. */
  claim(asked: Asked): Promise<Claimed>;
  /** Why the latest request had no answer, or was answered with a failure; undefined where none was. */
  latestFailure(): unknown;
}

/** Claims and what ends them, by the client that all platforms share. */
export function createService(transport: Transport, timing: Timing, newId: () => string): Service {
  /** Whether it has what the hosted service lacks: every claim that our own server answers shows it. */
  let isOurs: boolean | undefined;
  let failure: unknown;
  const { send, capabilities: asked } = openService(async (request) => {
    const response = await transport(request).catch((error: unknown) => {
      failure = error;
      throw error;
    });
    if (response.status >= 500) failure = response.body;
    if (request.path === '/v1/ai/lease' && response.status === 200 && isObject(response.body))
      isOurs = 'fence' in response.body || response.body['status'] === 'fingerprint_mismatch';
    return response;
  }, timing);
  const capabilities: Call['capabilities'] = {
    me: (deadlineAt) => asked.me(deadlineAt),
    has: async (capability, deadlineAt) => isOurs ?? asked.has(capability, deadlineAt),
  };
  const startCall = (context: Call['context'] = {}): Call => ({
    ...{ send, timing, capabilities, context, newId },
    deadlineAt: timing.now() + CALL_MS,
  });

  return {
    latestFailure: () => failure,

    async claim(asked) {
      const needs = needsMore(asked);
      if (needs !== undefined && isOurs === false) throw refusalOf(needs);
      const call = startCall({ waitMs: asked.waitMs, waits: () => asked.waitMs >= 1_000 });
      const answer = await claim(call, CLAIM, { ...asked }, () => Promise.resolve());
      const lease = answer['status'] === 'acquired' ? leaseOf(asked.key, answer) : undefined;
      if (needs === undefined || isOurs === true)
        return lease ? { lease } : { told: await withResult(answer) };
      // It has passed over what it cannot keep: nothing is done under such a claim.
      const refusal = refusalOf(needs);
      if (lease) await orError(() => lease.fail({ reason: refusal.code, retryable: true, noEffect: false }));
      throw refusal;
    },
  };

  function leaseOf(key: string, answer: JsonObject): Lease {
    const finish = createFinishers(new Set());
    const claim_token = tokenOf(asText(answer['lease_id']), key);
    const number = (member: string): number | null => {
      const value = answer[member];
      return typeof value === 'number' ? value : null;
    };
    const given = answer['idempotency_key'];
    return {
      key,
      ttlSeconds: number('ttl') ?? 1,
      attempt: number('attempt'),
      fence: number('fence'),
      // As the apps make it, where the service gives none.
      idempotencyKey: typeof given === 'string' ? given : asText(evaluate({ uuid: key }, NOTHING)),
      extend: () => finish.extendClaim(startCall(), { claim_token }),
      complete: (result) => finish.completeKey(startCall(), { claim_token, result }),
      fail: ({ reason, retryable, noEffect }) =>
        finish.failKey(startCall(), { claim_token, reason, retryable, no_effect: noEffect }),
    };
  }

  /** The hosted service keeps results, and does not hand them to a claim. */
  async function withResult(answer: JsonObject): Promise<JsonObject> {
    if (answer['status'] !== 'completed' || 'result' in answer) return answer;
    const query = { key: asText(answer['key']) };
    const { deadlineAt } = startCall();
    const told = await send(() => ({ method: 'GET', path: '/v1/ai/result', query }), deadlineAt);
    return { ...answer, ...told.answer };
  }
}

const refusalOf = (option: string): SharedError =>
  new SharedError('needs_own_server', { detail: `The option is “${option}”.` });

const NOTHING = { input: {}, client: {}, answer: {}, output: {}, now: 0 };
