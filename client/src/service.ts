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

/** The deadline of a call, retries included, without the time spent waiting for another attempt. */
const CALL_MS = 25_000;

/** A claim asks for whole seconds: those that are asked for are not to lose one to the milliseconds that the call itself takes. */
const SLACK_MS = 500;

/** How a program's claim is sent; the inputs have the names of `Asked`. */
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
  /** How long the lease lasts, counted from the answer. */
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
  /** The service's answer, where another attempt has the key or had it. */
  | { readonly answer: JsonObject };

export interface Service {
  /** Claims, and waits for another attempt for as long as the call asks. Throws a SharedError. */
  claim(asked: Asked): Promise<Claimed>;
  /** Why the latest failed request failed: the error, or the body of a 5xx. Undefined if none has failed. */
  latestFailure(): unknown;
}

/** Claims, extends and ends leases with the client that all platforms share. */
export function createService(transport: Transport, timing: Timing, newId: () => string): Service {
  /** Whether the service is our own server, which has what the hosted one lacks. Each answer to a claim shows it. */
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
      const call = startCall({ waitMs: asked.waitMs + SLACK_MS, waits: () => asked.waitMs > 0 });
      const answer = await claim(call, CLAIM, { ...asked }, () => Promise.resolve());
      const lease = answer['status'] === 'acquired' ? leaseOf(asked.key, answer) : undefined;
      if (needs === undefined || isOurs === true)
        return lease ? { lease } : { answer: await withResult(answer) };
      // The service ignored an option that it does not know, so the claim is given up.
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
      // The apps make it in the same way where the service gives none.
      idempotencyKey: typeof given === 'string' ? given : asText(evaluate({ uuid: key }, NOTHING)),
      extend: () => finish.extendClaim(startCall(), { claim_token }),
      complete: (result) => finish.completeKey(startCall(), { claim_token, result }),
      fail: ({ reason, retryable, noEffect }) =>
        finish.failKey(startCall(), { claim_token, reason, retryable, no_effect: noEffect }),
    };
  }

  /** The hosted service does not give the result with the answer to a claim, so it is read separately. */
  async function withResult(answer: JsonObject): Promise<JsonObject> {
    if (answer['status'] !== 'completed' || 'result' in answer) return answer;
    const query = { key: asText(answer['key']) };
    const { deadlineAt } = startCall();
    const read = await send(() => ({ method: 'GET', path: '/v1/ai/result', query }), deadlineAt);
    return { ...answer, ...read.answer };
  }
}

const refusalOf = (option: string): SharedError =>
  new SharedError('needs_own_server', { detail: `The option is “${option}”.` });

const NOTHING = { input: {}, client: {}, answer: {}, output: {}, now: 0 };
