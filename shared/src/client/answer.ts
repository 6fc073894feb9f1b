import { OnceOnlyError, type ErrorDetails } from '../errors.ts';
import { isObject, readableResult, type JsonObject } from '../json.ts';
import type { HttpResponse } from '../transport.ts';
import { isAnswer, mayAnswer } from './contract.ts';

/** Refusals that are outcomes rather than errors. Each becomes an answer with this status, whatever its HTTP status was. */
const OUTCOMES: Readonly<Record<string, string>> = {
  not_found: 'not_found',
  lease_lost: 'lease_lost',
  already_finished: 'already_finished',
  too_many_hooks: 'too_many_hooks',
  'Duplicate blocked': 'duplicate',
};

/** Refusals of a claim that does not fit its key or its group. */
const MISMATCHES = ['fingerprint_mismatch', 'group_mismatch', 'sequence_kind', 'sequence_ahead'] as const;

/**
 * What a response means: an answer, or a typed error. After an `unclear` error (a 5xx, or something that no OnceOnly service
 * sends, such as a firewall's page), nobody knows whether the request took effect.
 */
export type Reading =
  { readonly answer: JsonObject } | { readonly error: OnceOnlyError; readonly unclear: boolean };

export function readAnswer(path: string, { status, headers, body }: HttpResponse): Reading {
  const details: ErrorDetails = { httpStatus: status, ...retryAfter(headers), ...leadsOn(status, headers) };
  if (status >= 500) return { error: new OnceOnlyError('server_error', details), unclear: true };

  if (isObject(body) && status >= 200 && status < 300) {
    const mismatch = MISMATCHES.find((code) => code === body['status']);
    if (mismatch !== undefined) return refused(new OnceOnlyError(mismatch, details));
    if (!isAnswer(path, body)) return unexpected(details);
    const { result } = body;
    return { answer: result === undefined ? body : { ...body, result: readableResult(result) } };
  }
  const detail = ownDetail(headers, body);
  if (isObject(detail) && typeof detail['error'] === 'string') {
    const outcome = OUTCOMES[detail['error']];
    if (outcome !== undefined)
      return { answer: { ok: false, ...detail, state: detail['status'], status: outcome } };
    const mismatch = MISMATCHES.find((code) => code === detail['error']);
    if (mismatch !== undefined) return refused(new OnceOnlyError(mismatch, details));
  }
  const said = isObject(detail) ? text(detail['message'] ?? detail['error']) : text(detail);
  const outcome = said === undefined ? undefined : outcomeInWords(path, status, said);
  if (outcome !== undefined) return { answer: { ok: false, ...outcome, [IN_WORDS]: said } };
  const isOurs = detail !== undefined || status === 413 || status === 429;
  switch (isOurs ? status : undefined) {
    case 401:
      return refused(new OnceOnlyError('unauthorized', details));
    case 403:
      return refused(
        said === undefined || isOfApiKey(detail)
          ? new OnceOnlyError('unauthorized', details)
          : new OnceOnlyError('forbidden', { ...details, detail: sentence(said) }),
      );
    case 402: {
      const url = isObject(detail) ? text(detail['upgrade_url']) : undefined;
      return refused(
        new OnceOnlyError('payment_required', { ...details, ...(url && { detail: `Upgrade: ${url}` }) }),
      );
    }
    case 429:
      return refused(new OnceOnlyError('rate_limited', details));
    case 400:
    case 413:
    case 415:
    case 422:
      return refused(new OnceOnlyError('invalid_input', { ...details, ...problem(detail) }));
    default:
      return unexpected(details);
  }
}

/** The member with the sentence from which an outcome was inferred. Another service might send a similar sentence. */
export const IN_WORDS = 'in_words';

/**
 * The `detail` that every refusal of the service has: a text, an object with its error, or a list of faults. Undefined for a
 * response of something in between, such as problem details (RFC 9457) of a proxy, which says nothing about the key.
 */
function ownDetail(headers: HttpResponse['headers'], body: unknown): unknown {
  const isProblem = (headers['content-type'] ?? '').toLowerCase().includes('problem+json');
  if (!isObject(body) || isProblem || 'title' in body || 'type' in body) return undefined;
  const { detail } = body;
  const isSaid =
    (typeof detail === 'string' && detail.trim() !== '') ||
    (isObject(detail) && text(detail['error'] ?? detail['message']) !== undefined) ||
    (Array.isArray(detail) && detail.length > 0 && (detail as unknown[]).every(isObject));
  return isSaid ? detail : undefined;
}

const unexpected = (details: ErrorDetails): Reading => ({
  error: new OnceOnlyError('unexpected_answer', details),
  unclear: true,
});

/** Whether a 403 refuses the API key itself. That is said in a sentence; our own server's other refusals are objects. */
const isOfApiKey = (detail: unknown): boolean =>
  typeof detail === 'string' && /api key|authenticat|authoriz|credential|token/i.test(detail);

/** The outcome behind a refusal that is a text: 404 and 410 mean that there is no such key, 409 that it is in another state. */
function outcomeInWords(path: string, status: number, said: string): JsonObject | undefined {
  const outcome = (name: string, state: string | null = null): JsonObject | undefined =>
    mayAnswer(path, name) ? { status: name, state } : undefined;
  if (status === 404 || status === 410) return outcome('not_found');
  if (status !== 409) return undefined;
  if (mayAnswer(path, 'duplicate')) return /duplicate|already/i.test(said) ? outcome('duplicate') : undefined;
  const state = /\b(completed|failed|cancell?ed|released)\b/i.exec(said)?.[1]?.toLowerCase();
  return outcome(state === undefined ? 'lease_lost' : 'already_finished', state);
}

const refused = (error: OnceOnlyError): Reading => ({ error, unclear: false });

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const sentence = (said: string): string => (said.endsWith('.') ? said : `${said}.`);

function retryAfter(headers: Readonly<Record<string, string>>): ErrorDetails {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? { retryAfterSeconds: Math.ceil(seconds) } : {};
}

/** Where a redirect leads: to a login page, or from http to https. It is not followed, since the API key would go there. */
function leadsOn(status: number, { location = '' }: HttpResponse['headers']): ErrorDetails {
  if (status < 300 || status >= 400 || !/^https?:/i.test(location) || !URL.canParse(location)) return {};
  return { detail: `It leads on to ${new URL(location).origin}.` };
}

/** The details of a 422, which is a list of `{loc, msg}`, or a text. */
function problem(detail: unknown): ErrorDetails {
  if (typeof detail === 'string') return { detail: sentence(detail) };
  if (isObject(detail))
    return { detail: sentence(text(detail['message'] ?? detail['error']) ?? 'It was refused') };
  if (!Array.isArray(detail)) return {};
  const problems = (detail as unknown[]).filter(isObject).map((each) => ({
    field: Array.isArray(each['loc']) ? String((each['loc'] as unknown[]).at(-1)) : '',
    message: text(each['msg']) ?? '',
  }));
  const said = problems.map(({ field, message }) => `${field}: ${sentence(message)}`).join(' ');
  return problems[0] === undefined ? {} : { detail: said, field: problems[0].field };
}
