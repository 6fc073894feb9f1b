import { isOnceOnlyError as isOfShared, type OnceOnlyError as SharedError } from '@onceonly/shared/errors.ts';

/** Why there is no result, and what to do. */
const CODES = {
  /** Another attempt is at work; `retryAfter` says when to ask again. */
  in_progress:
    'Another attempt is at work, and has not finished yet. Try again later: if it dies, you take over.',
  /** It failed for good: by `noRetry`, or by another program or a person. */
  failed:
    'It has failed for good, and is not tried again. A person may release the key on the OnceOnly server.',
  /** `attempts` are used up. */
  exhausted:
    'It is given up after its last attempt. Allow more `attempts`, or release the key on the OnceOnly server.',
  /** An attempt died, and nobody knows whether its work was done. */
  unresolved:
    'An earlier attempt died, and nobody knows whether its work was done. It is not done again until a person has decided on the OnceOnly server, or `verify` knows.',
  /** The key came with another `fingerprint`. */
  mismatch:
    'The same key came with another `fingerprint`: two different things share one key. Nothing was done.',
  /** The work was done, or cut off, after another attempt had taken over; `value` is what came of it. */
  lease_lost:
    'Too late: another run has taken over, or a person has decided about the key. If this one did its work, it may have been done twice: look.',
  /** The work was done, but that could not be recorded; `value` is what came of it. */
  unconfirmed:
    'The work was done, but OnceOnly did not confirm that it is recorded. If it is not, an attempt after the end of the lease does it again: look.',
  /** The work was done, and is not done again, but what came of it is no JSON; `value` has it, this time only. */
  not_json: 'Let the work return what JSON can say. It was done, and will not be done again.',
  /** The work was done before, but its result was not kept: it was too large, or no JSON. */
  no_result: 'It was done before, but its result was not kept, since it was no JSON or larger than 64 KiB.',
  invalid: 'Nothing was done.',
  /** No answer to the claim. Nothing was done. */
  no_answer:
    'OnceOnly could not be reached, or did not answer in time. The work was not done. If the claim did arrive, the next attempt begins after `holdFor`.',
  server_error: 'OnceOnly is not available right now. Nothing was done; asking again does no harm.',
  unexpected_answer: 'Something answered at `url`, but not OnceOnly. Nothing was done.',
  rate_limited: 'Too many requests came with this API key. Nothing was done; try again later.',
  unauthorized: 'OnceOnly does not accept the API key. Nothing was done.',
  forbidden: 'This API key may not do that. Nothing was done.',
  payment_required: "The OnceOnly plan's limit is used up. Nothing was done.",
  needs_own_server:
    'The service at `url` cannot keep this option. Nothing was done. Leave it out, or use a OnceOnly server of your own, or `store`.',
  store_unavailable: 'The store cannot be used. Nothing was done.',
} as const;

export type OnceOnlyErrorCode = keyof typeof CODES;

export interface OnceOnlyErrorDetails {
  /** The job and the key, with a colon between them. */
  readonly key?: string | undefined;
  /** Of `in_progress` and `rate_limited`: seconds after which to ask again. */
  readonly retryAfter?: number | undefined;
  /** Of `failed` and `exhausted`: what the last attempt failed with. */
  readonly reason?: string | undefined;
  readonly attempt?: number | null | undefined;
  /** Of `no_result`. */
  readonly doneAt?: Date | undefined;
  /** Of `lease_lost`, `unconfirmed`, `not_json`: what the work returned. */
  readonly value?: unknown;
}

/** The one error of this package: `code` says what happened, `message` what to do. Neither holds the API key. */
export class OnceOnlyError extends Error {
  override readonly name = 'OnceOnlyError';
  readonly code: OnceOnlyErrorCode;
  readonly key: string | undefined;
  readonly retryAfter: number | undefined;
  readonly reason: string | undefined;
  readonly attempt: number | null | undefined;
  readonly doneAt: Date | undefined;
  readonly value: unknown;

  /** @param what Comes first in the message: what exactly is wrong. */
  constructor(
    code: OnceOnlyErrorCode,
    what = '',
    { key, retryAfter, reason, attempt, doneAt, value }: OnceOnlyErrorDetails = {},
    options?: ErrorOptions,
  ) {
    const of = key === undefined ? '' : `${key}: `;
    super([of + what, CODES[code]].filter((part) => part !== '').join(what === '' ? '' : ' '), options);
    this.code = code;
    this.key = key;
    this.retryAfter = retryAfter;
    this.reason = reason;
    this.attempt = attempt;
    this.doneAt = doneAt;
    this.value = value;
  }
}

/** Whether an error is a `OnceOnlyError`, of whichever copy of this package. */
export const isOnceOnlyError = (error: unknown): error is OnceOnlyError =>
  error instanceof Error && error.name === 'OnceOnlyError' && 'code' in error && String(error.code) in CODES;

/** An error of the shared client in this package's words; any other as it is. */
export function translated(error: unknown, key?: string, cause?: unknown): unknown {
  if (!isOfShared(error)) return error;
  const { detail, retryAfterSeconds } = error.details;
  return new OnceOnlyError(
    codeOf(error),
    detail,
    { key, retryAfter: retryAfterSeconds },
    cause === undefined ? undefined : { cause },
  );
}

function codeOf({ code }: SharedError): OnceOnlyErrorCode {
  switch (code) {
    case 'no_answer':
    case 'server_error':
    case 'unexpected_answer':
    case 'rate_limited':
    case 'unauthorized':
    case 'forbidden':
    case 'payment_required':
    case 'needs_own_server':
      return code;
    case 'fingerprint_mismatch':
      return 'mismatch';
    default:
      return 'invalid';
  }
}
