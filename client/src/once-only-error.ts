import { isOnceOnlyError as isOfShared, type OnceOnlyError as SharedError } from '@onceonly/shared/errors.ts';

/** For each code, the end of the message: why there is no result, and what to do. */
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
  /** The work ended, or was cut off, after another attempt had taken over; `value` is its result. */
  lease_lost:
    'Another attempt may be at work since then. If this one did its work, it may have been done twice: look.',
  /** The work was done, but that could not be recorded; `value` is its result. */
  unconfirmed:
    'The work was done, but OnceOnly did not confirm that it is recorded. If it is not, an attempt after the end of the lease does it again: look.',
  /** The work was done and will not be repeated, but its result is not JSON; `value` has it, this time only. */
  not_json: 'Let the work return what JSON can say. It was done, and will not be done again.',
  /** The work was done before, but its result was not kept: it was too large, or not JSON. */
  no_result: 'It was done before, but its result was not kept, since it was no JSON or larger than 64 KiB.',
  invalid: 'Nothing was done.',
  /** The claim got no answer. Nothing was done. */
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

/** Begins the message of `lease_lost` where OnceOnly said so. Otherwise the lease only ended. */
export const TAKEN_OVER = 'Too late: another run has taken over, or a person has decided about the key.';

export type OnceOnlyErrorCode = keyof typeof CODES;

export interface OnceOnlyErrorDetails {
  /** The job and the key, with a colon between them. */
  readonly key?: string | undefined;
  /** With `in_progress` and `rate_limited`: when to ask again, in seconds. */
  readonly retryAfter?: number | undefined;
  /** With `failed` and `exhausted`: why the last attempt failed. */
  readonly reason?: string | undefined;
  readonly attempt?: number | null | undefined;
  /** With `no_result`. */
  readonly doneAt?: Date | undefined;
  /** With `lease_lost`, `unconfirmed` and `not_json`: what the work returned. */
  readonly value?: unknown;
}

/** The only error of this package: `code` says what happened, and `message` what to do. Neither contains the API key. */
export class OnceOnlyError extends Error {
  /** Holds as well for an error of another copy of this package: `onceonly/testing` is one. */
  static override [Symbol.hasInstance](error: unknown): boolean {
    return this === OnceOnlyError
      ? isOnceOnlyError(error)
      : Function.prototype[Symbol.hasInstance].call(this, error);
  }

  static {
    // The shared client has a class of that name, too, so a bundle renames this one.
    Object.defineProperty(this, 'name', { value: 'OnceOnlyError' });
  }

  override readonly name = 'OnceOnlyError';
  readonly code: OnceOnlyErrorCode;
  readonly key: string | undefined;
  readonly retryAfter: number | undefined;
  readonly reason: string | undefined;
  readonly attempt: number | null | undefined;
  readonly doneAt: Date | undefined;
  readonly value: unknown;

  /** @param what The start of the message: what exactly is wrong. */
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

/** Whether an error is a `OnceOnlyError`, also one of another copy of this package. */
export function isOnceOnlyError(error: unknown): error is OnceOnlyError {
  try {
    return (
      error instanceof Error &&
      error.name === 'OnceOnlyError' &&
      'code' in error &&
      String(error.code) in CODES
    );
  } catch {
    // Whatever was thrown may itself throw when it is looked at.
    return false;
  }
}

/** Turns an error of the shared client into one of this package; any other error is returned unchanged. */
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
