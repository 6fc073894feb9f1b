import { fitKey } from '@onceonly/shared/sources/key.ts';
import { joined } from '@onceonly/shared/sources/sender-rules.ts';
import { attempts } from './attempts.ts';
import { isRepeatedLater, toAnswer, toKept, type Answer, type Kept } from './answer.ts';
import { isOnceOnlyError, type OnceOnlyError } from './once-only-error.ts';
import { ofOnce, WHAT_SCOPE_IS, type IdempotencyKeyOptions } from './idempotency-key-options.ts';
import { invalid, whyNoName } from './options.ts';
import { problem, refusalOf } from './problems.ts';
import type { Attempt, Once } from './types.ts';

/** The part that `onceonly/express` and `onceonly/web` share: the IETF draft `Idempotency-Key`, version 07. */

const DRAFT = 'https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07';
const MAX_LENGTH = 255;

/** The attempt that a request belongs to, with the `idempotencyKey` to pass on. Undefined for a request that passes through. */
export const attemptOf = (request: object): Attempt | undefined => attempts.get(request);

/** The request's idempotency key; null if the request passes through; an answer if it is refused. */
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

/** Reads a String of RFC 8941; undefined if it is not one. Node joins two headers of that name with a comma, which is refused here. */
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
  /** Includes the query. */
  readonly path: string;
  readonly contentType: string | null | undefined;
  /** The bytes of the body, or the parsed body. */
  readonly body: () => Promise<unknown>;
}

/**
 * Calls `handle` unless the request was answered before. Returns the answer to send instead of the handler's own, or undefined if the
 * handler's stands. If `handle` throws, the error is thrown on; after that, or after an answer such as a 5xx, the key is free again.
 * @throws {OnceOnlyError} if an option or the access to OnceOnly is wrong.
 */
export async function answerOnce<R extends object>(
  once: Once,
  { request, key, method, path, contentType, body }: Asked<R>,
  options: IdempotencyKeyOptions<R>,
  handle: (attempt: Attempt) => Promise<Answer>,
): Promise<Answer | undefined> {
  const { scope, job = 'http', fingerprint, documentation = DRAFT, report = toConsole } = options;
  const whole = fitKey(job, joined([await scopeOf(request, scope), key])).slice(job.length + 1);
  if (fingerprint === undefined && isForm(contentType))
    throw invalid(
      'fingerprint',
      'is needed for `multipart/form-data`: such a body is written differently at every try, and parsers keep its files apart. Return the fields, and a digest of each file.',
    );
  const of = fingerprint
    ? // The same form may be sent to change two different things. Of the query, only the API knows what counts.
      { method, path: path.replace(/\?.*$/s, ''), own: await fingerprint(request) }
    : { method, path, body: await digestOf(await body()) };
  let made: Answer | undefined;
  let thrown: { readonly error: unknown } | undefined;

  async function work(attempt: Attempt): Promise<Kept> {
    attempts.set(request, attempt);
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
      // The work was done, so the caller gets its answer, even though it could not be recorded.
      return undefined;
    }
    const refusal = refusalOf(error.code, documentation, error.retryAfter);
    if (refusal === undefined) throw error;
    if (refusal.status >= 500) report(error);
    return refusal;
  }
}

/** Ends the work without a result: its answer is sent, but not kept. */
class NotKept extends Error {
  constructor(status: number) {
    super(`HTTP ${String(status)}`);
  }
}

async function scopeOf<R>(request: R, scope: IdempotencyKeyOptions<R>['scope']): Promise<string> {
  if (scope === 'everyone') return '';
  const found: unknown = await scope(request);
  const text = Number.isSafeInteger(found) ? String(found) : found;
  if (typeof text === 'string' && whyNoName(text) === null) return text;
  throw invalid('scope', WHAT_SCOPE_IS);
}

const isForm = (contentType: string | null | undefined): boolean =>
  /^\s*multipart\//i.test(contentType ?? '');

/** The SHA-256 of a body that is bytes; a parsed body is returned unchanged. */
async function digestOf(body: unknown): Promise<unknown> {
  if (!(body instanceof Uint8Array)) return body ?? null;
  const digest = await crypto.subtle.digest('SHA-256', Uint8Array.from(body));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function toConsole(error: OnceOnlyError): void {
  // eslint-disable-next-line no-console -- Whoever runs the API has to learn of it, and chose no other place.
  console.error(error);
}
