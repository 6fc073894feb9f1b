import type { Account, DayMetrics, EventItem, JobCounts, KeyItem, KeyStatus } from './answers.ts';
import { formatPlural } from './format.ts';
import { memberOf } from './json-text.ts';

/** Why there is no answer. `message` is a sentence that says what to do. After `no_answer`, what was sent may have been done. */
export interface Failure {
  readonly kind: 'signed_out' | 'not_found' | 'changed' | 'no_answer' | 'other';
  readonly message: string;
}

export type Answer<Body> = { readonly body: Body } | { readonly failure: Failure };

export type Outcome = 'completed' | 'failed' | 'released';

export interface Decision {
  readonly key: string;
  readonly version: number;
  readonly outcome: Outcome;
  readonly reason: string;
}

type Query = Readonly<Record<string, string | number | null>>;

/** The server's API, with the session that the browser keeps. It never throws: what went wrong is an answer. */
export interface Api {
  signIn(apiKey: string): Promise<Answer<unknown>>;
  signOut(): Promise<Answer<unknown>>;
  me(): Promise<Answer<Account>>;
  metrics(): Promise<Answer<DayMetrics>>;
  stoppedByJob(): Promise<Answer<JobCounts>>;
  events(query: Query): Promise<Answer<{ readonly items: readonly EventItem[] }>>;
  keys(query: Query): Promise<Answer<{ readonly items: readonly KeyItem[]; readonly cursor: string | null }>>;
  status(key: string): Promise<Answer<KeyStatus>>;
  /** The JSON text of the result, as it was sent; null where there is none. */
  result(key: string): Promise<Answer<string | null>>;
  resolve(decision: Decision): Promise<Answer<unknown>>;
}

/** A server that hangs is one that does not answer: what it said before is not shown as if it were new. */
const ANSWER_WITHIN_MS = 60_000;

/** `onSignedOut` is called whenever the server no longer takes the session. */
export function createApi(onSignedOut: () => void): Api {
  let signedIn = 0;

  async function send<Body>(
    method: string,
    path: string,
    body?: object,
    read: (text: string) => unknown = JSON.parse,
  ): Promise<Answer<Body>> {
    // What is refused late may have been asked in the session before this one.
    const asked = signedIn;
    const late = new AbortController();
    const timer = setTimeout(() => {
      late.abort();
    }, ANSWER_WITHIN_MS);
    try {
      const response = await fetch(path, {
        method,
        signal: late.signal,
        headers: {
          'x-onceonly-page': '1',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.ok) return { body: read(text) as Body };
      const failure = failureOf(response, JSON.parse(text));
      if (failure.kind === 'signed_out' && asked === signedIn) onSignedOut();
      return { failure };
    } catch {
      return { failure: { kind: 'no_answer', message: UNREACHABLE } };
    } finally {
      clearTimeout(timer);
    }
  }

  const get = <Body>(
    path: string,
    query: Query = {},
    read?: (text: string) => Body,
  ): Promise<Answer<Body>> => {
    const given = Object.entries(query).flatMap(([name, value]) =>
      value === null || value === '' ? [] : [[name, String(value)]],
    );
    return send<Body>('GET', `${path}?${new URLSearchParams(given).toString()}`, undefined, read);
  };

  return {
    async signIn(apiKey) {
      const answer = await send('POST', '/v1/session', { api_key: apiKey });
      if ('body' in answer) signedIn += 1;
      return answer;
    },
    signOut: () => send('DELETE', '/v1/session'),
    me: () => get('/v1/me'),
    metrics: () => get('/v1/metrics'),
    stoppedByJob: () => get('/v1/metrics/jobs', { type: 'duplicate', limit: 10 }),
    events: (query) => get('/v1/events', query),
    keys: (query) => get('/v1/keys', query),
    status: (key) => get('/v1/ai/status', { key }),
    result: (key) => get('/v1/ai/result', { key }, resultIn),
    resolve: (decision) => send('POST', '/v1/keys/resolve', decision),
  };
}

function resultIn(answer: string): string | null {
  const result = memberOf(answer, 'result');
  return result === 'null' ? null : result;
}

const UNREACHABLE = 'The server does not answer. Check that it runs, and that you are connected.';

function failureOf(response: Response, answer: unknown): Failure {
  const detail = isObject(answer) ? answer['detail'] : undefined;
  const error = isObject(detail) ? detail['error'] : undefined;
  const message = isObject(detail) ? detail['message'] : detail;
  const fallback =
    typeof message === 'string' ? message : `The server refused this (HTTP ${response.status}).`;
  if (response.status === 401) return { kind: 'signed_out', message: fallback };
  if (error === 'not_found') return { kind: 'not_found', message: 'There is no such key.' };
  if (error === 'changed')
    return { kind: 'changed', message: 'This key has changed since you looked at it.' };
  if (response.status === 429) {
    const seconds = formatPlural(Number(response.headers.get('retry-after') ?? '60'), 'second', 'seconds');
    return { kind: 'other', message: `Too many requests were sent. Try again in ${seconds}.` };
  }
  if (response.status === 503) {
    return { kind: 'no_answer', message: 'The store does not answer now.' };
  }
  return { kind: 'other', message: fallback };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
