/** An invalid field of a request, in the form of the hosted API. */
export interface InvalidField {
  readonly type: string;
  /** The path: `body` or `query`, then names and indexes. */
  readonly loc: readonly (string | number)[];
  /** A sentence that names the field and what is allowed. */
  readonly msg: string;
  readonly input: unknown;
}

/** A sentence, a list of invalid fields, or an object with an `error` code for programs. */
type Detail =
  string | readonly InvalidField[] | { readonly error: string; readonly [member: string]: unknown };

/** An error answer. All have the form `{"detail": …}`. */
export interface Refusal {
  readonly status: number;
  readonly detail: Detail;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The JSON text of a refusal. */
export const refusalText = (refusal: Refusal): string => JSON.stringify({ detail: refusal.detail });

/** Throws a refusal from hooks and parsers. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`HTTP ${String(refusal.status)}`);
    this.refusal = refusal;
  }
}

export const MISSING_KEY: Refusal = { status: 401, detail: 'Missing Authorization Bearer token' };
export const INVALID_KEY: Refusal = { status: 403, detail: 'Invalid API key' };
export const FEATURE_NOT_AVAILABLE: Refusal = { status: 403, detail: { error: 'feature_not_available' } };
export const NOT_FOUND: Refusal = { status: 404, detail: { error: 'not_found' } };

export const SESSION_ENDED: Refusal = {
  status: 401,
  detail: {
    error: 'session_ended',
    message: 'The session has ended. Sign in again with an operator API key.',
  },
};
export const NOT_OF_A_PAGE: Refusal = {
  status: 403,
  detail: {
    error: 'not_of_a_page',
    message: 'A session may change something only from the pages of this server. Programs use an API key.',
  },
};

export const OPERATOR_KEY_NEEDED: Refusal = {
  status: 403,
  detail: {
    error: 'operator_key_needed',
    message:
      'This API key has the role automation. To list keys and decide about them, use one with the role operator.',
  },
};

/** Refuses a value that fits the schema but still cannot be used. */
export function invalid(field: string, msg: string, input: unknown, type = 'value_error'): Refusal {
  return { status: 422, detail: [{ type, loc: ['body', field], msg, input: shorten(input) }] };
}

/** 413. It says what is too large, and the limit in bytes. */
export function tooLarge(field: 'body' | 'result', limitBytes: number, message: string): Refusal {
  return { status: 413, detail: { error: 'too_large', field, limit_bytes: limitBytes, message } };
}

/** 429, with Retry-After in whole seconds, at least 1. */
export function rateLimited(retryAfterMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000));
  return { status: 429, detail: { error: 'rate_limited' }, headers: { 'retry-after': String(seconds) } };
}

export const STORE_UNAVAILABLE: Refusal = {
  status: 503,
  detail: 'The store did not answer. Send the same request again; doing so twice does no harm.',
  headers: { 'retry-after': '1' },
};

export const INTERNAL: Refusal = {
  status: 500,
  detail: 'Something went wrong in the server. Its log says what, under the X-Request-Id of this answer.',
};

const SHOWN_CHARACTERS = 100;

/** A value as it is shown in an error: short, and without nested parts. */
export function shorten(input: unknown): string | number | boolean | null {
  if (typeof input === 'string') {
    return input.length <= SHOWN_CHARACTERS ? input : `${input.slice(0, SHOWN_CHARACTERS).toWellFormed()}…`;
  }
  if (typeof input === 'number' || typeof input === 'boolean') return input;
  if (typeof input !== 'object' || input === null) return null;
  return Array.isArray(input) ? '[…]' : '{…}';
}

/** A number with thousands separators. */
export const count = (value: number): string => value.toLocaleString('en-US');
