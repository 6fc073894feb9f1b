import { fitKey } from '@onceonly/shared/sources/key.ts';
import { joined } from '@onceonly/shared/sources/sender-rules.ts';
import { isRepeatedLater, toAnswer, toKept, type Answer, type Kept } from './answer.ts';
import { isOnceOnlyError, type OnceOnlyError } from './errors.ts';
import { invalid, whyNoName } from './options.ts';
import { problem, refusalOf } from './problems.ts';
import type { Attempt, Once, OnceOptions } from './types.ts';

/** What `onceonly/express` and `onceonly/web` share: the IETF draft `Idempotency-Key`, version 07. */

export interface IdempotencyKeyOptions<R> extends Omit<OnceOptions, 'verify' | 'fingerprint'> {
  /**
   * Whose key it is, such as the user's ID: **two users may send the same key, and the second would get the first one's answer**.
   * `'everyone'` only where all callers may read each other's answers.
   */
  readonly scope: ((request: R) => string | Promise<string>) | 'everyone';
  /** Which requests may share a key with which: one for each API on one OnceOnly server. Default `'http'`. */
  readonly job?: string | undefined;
  /** Requests of which methods are done once; all others pass. Default `['POST', 'PATCH']`. */
  readonly methods?: readonly string[] | undefined;
  /** Whether a request without the header is refused with 400. Default true; otherwise it passes, and is done each time. */
  readonly required?: boolean | undefined;
  /** Takes a key in quotes only, as the draft wants it. Default false, since most clients send it without. */
  readonly strict?: boolean | undefined;
  /** What belongs to the key, as JSON: the same key with another one is answered with 422. Default: method, path with query, and body. */
  readonly fingerprint?: ((request: R) => unknown) | undefined;
  /** Where your API's users read of it: `type` of all problem details. Default: the draft. */
  readonly documentation?: string | undefined;
  /** Told of what the caller cannot mend: OnceOnly could not be asked, or what was done and answered could not be recorded. Default: `console.error`. */
  readonly report?: ((error: OnceOnlyError) => void) | undefined;
}

const DRAFT = 'https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07';
const MAX_LENGTH = 255;
const OWN = ['scope', 'job', 'methods', 'required', 'strict', 'fingerprint', 'documentation', 'report'];
const ATTEMPTS = new WeakMap<object, Attempt>();

/** What the handler of a request may know of its attempt, such as an `idempotencyKey` to hand on; undefined where it is done each time. */
export const attemptOf = (request: object): Attempt | undefined => ATTEMPTS.get(request);

/** The key that a request is to be done once under; null where it passes, an answer where it is refused. */
export function readKey(
  method: string,
  header: string | null | undefined,
  {
    methods = ['POST', 'PATCH'],
    required = true,
    strict = false,
    documentation = DRAFT,
  }: Pick<IdempotencyKeyOptions<never>, 'methods' | 'required' | 'strict' | 'documentation'>,
): string | null | Answer {
  if (!methods.includes(method)) return null;
  const refuse = (title: string, detail: string): Answer =>
    problem({ status: 400, type: documentation, title, detail });
  if (header === null || header === undefined) {
    if (!required) return null;
    return refuse(
      'Idempotency-Key is missing',
      'This operation is done once for each Idempotency-Key, and needs one.',
    );
  }
  const key = unquoted(header, strict);
  const why = typeof key === 'string' ? whyNotUsable(key) : 'is not one text in double quotes.';
  if (key !== undefined && why === null) return key;
  return refuse('Idempotency-Key is malformed', `The header ${why ?? ''} Send a UUID, for example.`);
}

/** A String of RFC 8941; undefined where it is none. Two headers of that name come as one, with a comma between them. */
function unquoted(header: string, strict: boolean): string | undefined {
  const [, quoted] = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/.exec(header) ?? [];
  if (quoted !== undefined) return quoted.replaceAll(/\\(.)/g, '$1');
  return !strict && /^[!#-+\--:<-[\]-~]+$/.test(header) ? header : undefined;
}

function whyNotUsable(key: string): string | null {
  if (key.length > MAX_LENGTH) return `is longer than ${String(MAX_LENGTH)} characters.`;
  if (key.trim() !== key) return 'begins or ends with a blank.';
  return whyNoName(key);
}

export interface Asked<R> {
  readonly request: R;
  readonly key: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Its bytes, or what was parsed of them. */
  readonly body: () => Promise<unknown>;
}

/**
 * Lets `handle` answer, unless the request was answered before. An answer that is to be sent in the place of the handler's own, or
 * undefined. What `handle` throws is thrown on; then, and after an answer such as a 5xx, the key is free for the next attempt.
 * @throws {OnceOnlyError} where an option, or the access to OnceOnly, is not as it has to be.
 */
export async function answerOnce<R extends object>(
  once: Once,
  { request, key, method, path, body }: Asked<R>,
  options: IdempotencyKeyOptions<R>,
  handle: (attempt: Attempt) => Promise<Answer>,
): Promise<Answer | undefined> {
  const { scope, job = 'http', fingerprint, documentation = DRAFT, report = toConsole } = options;
  const whole = fitKey(job, joined([await scopeOf(request, scope), key])).slice(job.length + 1);
  const of = fingerprint
    ? { own: await fingerprint(request) }
    : { method, path, body: await digestOf(await body()) };
  let made: Answer | undefined;
  let thrown: { readonly error: unknown } | undefined;

  async function work(attempt: Attempt): Promise<Kept> {
    ATTEMPTS.set(request, attempt);
    try {
      made = await handle(attempt);
    } catch (error) {
      thrown = { error };
      throw error;
    }
    if (!isRepeatedLater(made)) throw new NotKept(made.status);
    return toKept(made);
  }

  try {
    const run = await once(job, whole, work, { wait: 0, ...ofOnce(options), fingerprint: of });
    if (!run.replayed) return undefined;
    return toAnswer(run.value) ?? refusalOf('no_result', documentation);
  } catch (error) {
    if (error instanceof NotKept) return undefined;
    if (thrown?.error === error || !isOnceOnlyError(error)) throw error;
    if (made !== undefined || thrown !== undefined) {
      report(error);
      if (thrown !== undefined) throw thrown.error;
      // It was done, and that is what the caller is to know, whether or not it could be recorded.
      return undefined;
    }
    const refusal = refusalOf(error.code, documentation, error.retryAfter);
    if (refusal === undefined) throw error;
    if (refusal.status >= 500) report(error);
    return refusal;
  }
}

/** Without this package's own; a name that nobody knows is refused by `once`. */
const ofOnce = (options: object): Omit<OnceOptions, 'verify'> =>
  Object.fromEntries(Object.entries(options).filter(([name]) => !OWN.includes(name)));

/** The work's answer is handed on, and not kept. */
class NotKept extends Error {
  constructor(status: number) {
    super(`HTTP ${String(status)}`);
  }
}

async function scopeOf<R>(request: R, scope: IdempotencyKeyOptions<R>['scope']): Promise<string> {
  if (scope === 'everyone') return '';
  const found: unknown = typeof scope === 'function' ? await scope(request) : undefined;
  if (typeof found === 'string' && whyNoName(found) === null) return found;
  throw invalid(
    'scope',
    'has to name whose key it is, such as a user: without that, two users who send the same key would share one answer.',
  );
}

/** SHA-256, where it is bytes. */
async function digestOf(body: unknown): Promise<unknown> {
  if (!(body instanceof Uint8Array)) return body ?? null;
  const digest = await crypto.subtle.digest('SHA-256', Uint8Array.from(body));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function toConsole(error: OnceOnlyError): void {
  // eslint-disable-next-line no-console -- Whoever runs the API has to learn of it, and chose no other place.
  console.error(error);
}
