import type { Section } from './app.ts';
import { render, type Variables } from './evaluate.ts';
import { UnknownIml } from './functions.ts';

/** An error of a module, by the type that decides what Make does with it. */
export class MakeError extends Error {
  override readonly name = 'MakeError';
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A request and its answer as Make's log shows them. */
export type LogEntry = Readonly<Record<'request' | 'response', unknown>>;

/**
 * Sends one request as a section describes it.
 *
 * [D] A URL that begins with a slash goes after the base URL; headers of the base are inherited, POST sends its body as
 *     JSON, `log.sanitize` hides what it names.
 * [S] Answers are read as JSON or text by their content type. [A] A GET sends no body; no answer is a ConnectionError.
 */
export async function send(
  section: Section,
  base: Section,
  variables: Variables,
  log: LogEntry[],
): Promise<Answer> {
  const url = String(render(section['url'], variables));
  const whole = new URL(url.startsWith('/') ? String(render(base['baseUrl'], variables)) + url : url);
  const query = render(section['qs'] ?? {}, variables) as Record<string, unknown>;
  for (const [name, value] of Object.entries(query)) {
    if (value !== null) whole.searchParams.set(name, renderedWord(value));
  }
  const method = String(render(section['method'] ?? 'GET', variables));
  const headers = Object.fromEntries(
    Object.entries(
      render({ ...members(base['headers']), ...members(section['headers']) }, variables) as Section,
    ).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  const body = method === 'GET' ? undefined : bodyOf(section, variables);
  if (body !== undefined) headers['content-type'] ??= 'application/json';

  const follows = section['followRedirects'] ?? base['followRedirects'] ?? true;
  const answer = await fetch(whole, {
    method,
    headers,
    ...(body !== undefined && { body }),
    redirect: follows === false ? 'manual' : 'follow',
    signal: AbortSignal.timeout(Number(base['timeout'] ?? 40_000)),
  })
    .then(async (response) => ({ response, text: await response.text() }))
    .catch((error: unknown) => {
      throw new MakeError('ConnectionError', `The service did not answer: ${String(error)}`);
    });

  const read: Answer = {
    statusCode: answer.response.status,
    headers: Object.fromEntries(answer.response.headers),
    body: parsed(answer.text, answer.response.headers.get('content-type') ?? ''),
  };
  const sent = body === undefined ? undefined : parsed(body, headers['content-type'] ?? '');
  const entry = { request: { url: whole.href, method, headers, body: sent }, response: read };
  const hidden = [base, section].flatMap((each) => (members(each['log'])['sanitize'] ?? []) as string[]);
  log.push(sanitized(entry, hidden));
  return read;
}

function renderedWord(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new UnknownIml(`How ${JSON.stringify(value)} is sent in a query is not known.`);
}

const members = (value: unknown): Section => (value ?? {}) as Section;

function bodyOf(section: Section, variables: Variables): string | undefined {
  const body = render(section['body'], variables);
  if (body === undefined || body === '') return undefined;
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function parsed(text: string, contentType: string): unknown {
  if (text === '') return undefined;
  if (!contentType.includes('json')) return text;
  return JSON.parse(text) as unknown;
}

function sanitized(entry: LogEntry, paths: readonly string[]): LogEntry {
  const copy = structuredClone(entry) as Record<string, unknown>;
  for (const path of paths) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    const holder = names.reduce<unknown>((at, name) => members(at)[name], copy);
    if (typeof holder === 'object' && holder !== null && last in holder)
      (holder as Record<string, unknown>)[last] = '*****';
  }
  return copy as LogEntry;
}
