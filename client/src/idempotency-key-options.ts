import { ALWAYS, checkNames, checkShared, invalid } from './options.ts';
import type { OnceOnlyError } from './once-only-error.ts';
import type { OnceOptions } from './types.ts';

export interface IdempotencyKeyOptions<R> extends Omit<OnceOptions, 'verify' | 'fingerprint'> {
  /**
   * Whose key it is, such as the user's ID: **two users may send the same key, and without a scope the second would get the answer of the first**.
   * Use `'everyone'` only if all callers may read each other's answers.
   */
  readonly scope: ((request: R) => string | number | Promise<string | number>) | 'everyone';
  /** Keeps the keys of several APIs on one OnceOnly server apart. Default `'http'`. */
  readonly job?: string | undefined;
  /** The methods, in capital letters, whose requests are done once; all others pass through. Default `['POST', 'PATCH']`. */
  readonly methods?: readonly string[] | undefined;
  /** Whether a request without the header is refused with 400. Default true. If false, it passes through and is done each time. */
  readonly required?: boolean | undefined;
  /** Accepts only a quoted key, as the draft requires. Default false, since most clients send it without quotes. */
  readonly strict?: boolean | undefined;
  /** Identifies the request, as JSON: the same key with another fingerprint is answered with 422. Default: method, path with query, and body. Method and path, without the query, are always compared. Needed for `multipart/form-data`. */
  readonly fingerprint?: ((request: R) => unknown) | undefined;
  /** The page where your API's users can read about it: the `type` of all problem details. Default: the draft. */
  readonly documentation?: string | undefined;
  /** Called with errors that the caller cannot fix: OnceOnly was not available, or finished work could not be recorded. Default: `console.error`. */
  readonly report?: ((error: OnceOnlyError) => void) | undefined;
}

export const WHAT_SCOPE_IS =
  "has to be a function that names whose key it is, by text or a whole number, or 'everyone': without that, two users who send the same key would share one answer.";

/** The options that are not passed on to `once`, and what each has to be. */
const OWN: Readonly<Record<string, readonly [is: (given: unknown) => boolean, what: string]>> = {
  scope: [(given) => given === 'everyone' || isFunction(given), WHAT_SCOPE_IS],
  job: [isText, 'has to be text.'],
  methods: [
    (given) => Array.isArray(given) && given.length > 0 && given.every(isMethod),
    "has to be a list of methods in capital letters, such as ['POST', 'PUT'].",
  ],
  required: [isBoolean, 'has to be true or false.'],
  strict: [isBoolean, 'has to be true or false.'],
  fingerprint: [isFunction, 'has to be a function of the request.'],
  documentation: [isText, 'has to be the address of a page.'],
  report: [isFunction, 'has to be a function of the error.'],
};

/** @throws {OnceOnlyError} `invalid` if an option cannot be used, before the first request. */
export function checkOptions(options: object): void {
  checkNames(options, [...Object.keys(OWN), ...ALWAYS]);
  const given: Readonly<Record<string, unknown>> = { ...options };
  for (const [name, [is, what]] of Object.entries(OWN))
    if ((name === 'scope' || given[name] !== undefined) && !is(given[name])) throw invalid(name, what);
  checkShared(typeof given['job'] === 'string' ? given['job'] : 'http', ofOnce(options));
}

/** The options for `once`, which refuses unknown names. */
export const ofOnce = (options: object): Omit<OnceOptions, 'verify'> =>
  Object.fromEntries(Object.entries(options).filter(([name]) => !Object.hasOwn(OWN, name)));

function isText(given: unknown): boolean {
  return typeof given === 'string' && given !== '';
}

function isBoolean(given: unknown): boolean {
  return typeof given === 'boolean';
}

function isFunction(given: unknown): boolean {
  return typeof given === 'function';
}

function isMethod(given: unknown): boolean {
  return typeof given === 'string' && /^[A-Z]+$/.test(given);
}
