import type { Answer } from './answer.ts';
import type { OnceOnlyErrorCode } from './once-only-error.ts';

interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
}

const AGAIN: Problem = {
  status: 503,
  title: 'Idempotency-Key cannot be checked',
  detail: 'Nothing was done. Send the same request again later, with the same Idempotency-Key.',
};
const GIVEN_UP: Problem = {
  status: 409,
  title: 'The request has failed for good',
  detail: 'It is not tried again under this Idempotency-Key.',
};

/** The problem details for the sender of a request. Codes that the sender can do nothing about are left out. */
const PROBLEMS: Readonly<Partial<Record<OnceOnlyErrorCode, Problem>>> = {
  in_progress: {
    status: 409,
    title: 'A request is outstanding for this Idempotency-Key',
    detail:
      'A request with the same Idempotency-Key is being processed. Send the same request again later, with the same key.',
  },
  mismatch: {
    status: 422,
    title: 'Idempotency-Key is already used',
    detail:
      'This Idempotency-Key came with another method, path or body before. Nothing was done. Use a new key for a new request.',
  },
  unresolved: {
    status: 409,
    title: 'The outcome of this Idempotency-Key is unknown',
    detail:
      'An earlier request with this key was cut off, and nobody knows yet whether it was done. It is not done again until that is known.',
  },
  failed: GIVEN_UP,
  exhausted: GIVEN_UP,
  no_result: {
    status: 410,
    title: 'The answer of this Idempotency-Key was not kept',
    detail:
      'The request was done before, and was not done again. Its answer was a stream, or too large to be repeated. Do not send it with another key.',
  },
  no_answer: AGAIN,
  server_error: AGAIN,
  unexpected_answer: AGAIN,
  rate_limited: AGAIN,
  store_unavailable: AGAIN,
};

/** Undefined for a code that the sender cannot fix by waiting or by sending another request. */
export function refusalOf(code: OnceOnlyErrorCode, type: string, retryAfter?: number): Answer | undefined {
  const found = PROBLEMS[code];
  if (found === undefined) return undefined;
  const isWorthWaiting = code === 'in_progress' || found === AGAIN;
  return problem({ type, ...found }, isWorthWaiting ? Math.max(1, Math.ceil(retryAfter ?? 1)) : undefined);
}

/** Problem details of RFC 9457. `retryAfter`: seconds. */
export const problem = (details: Problem & { readonly type: string }, retryAfter?: number): Answer => ({
  status: details.status,
  headers: [
    ['content-type', 'application/problem+json'],
    ['content-language', 'en'],
    ...(retryAfter === undefined ? [] : [['retry-after', String(retryAfter)] as const]),
  ],
  body: new TextEncoder().encode(JSON.stringify(details)),
});
