import { readApiKey, readBaseUrl } from '@onceonly/shared/connection.ts';
import { Option, type Command, InvalidArgumentError } from 'commander';
import { SERVICE_SETTINGS } from '../config.ts';
import { rawMember } from '../http/raw-json.ts';
import { CommandFailed, EXIT, failureOf, MAKE_ONE, refusedFor } from './failure.ts';
import type { Terminal } from './terminal.ts';

/** The options of commands that ask a running server. */
export interface ServerOptions {
  readonly url?: string;
  readonly apiKey?: string;
  readonly json?: boolean;
}

const { name: URL_VARIABLE, default: HERE } = SERVICE_SETTINGS.baseUrl;
const { name: API_KEY_VARIABLE } = SERVICE_SETTINGS.apiKey;
const TIMEOUT_MS = 15_000;

/** Adds the options of commands that ask a running server. */
export function askingServer(command: Command): Command {
  return command
    .addOption(new Option('--url <url>', `the server; or ${URL_VARIABLE}; ${HERE} if not said`))
    .addOption(
      new Option('--api-key <key>', `an operator key; better in ${API_KEY_VARIABLE}, where nobody sees it`),
    )
    .option('--json', 'as JSON, for scripts');
}

/**
 * The HTTP API of a running server. All methods throw a `CommandFailed` if something goes wrong, also if an answer has not the
 * `member` that it must have: then something else answers there.
 */
export interface Api {
  readonly url: string;
  /** Returns null on `not_found`. */
  get<Answer>(path: string, member: keyof Answer & string, query?: Query): Promise<Answer | null>;
  /** Returns the JSON text of the member, exactly as the server sent it: JavaScript rounds long numbers. Null on `not_found`. */
  getText(path: string, member: string, query: Query): Promise<string | null>;
  /**
   * Returns the answer, or the reason of a refusal: `not_found` or `changed`.
   * @param body JSON.
   */
  post<Answer>(
    path: string,
    member: keyof Answer & string,
    body: string,
  ): Promise<Answer | { readonly refused: string }>;
  /** Whether the server can write claims now; null if it does not say, for example because a proxy hides `/readyz`. */
  isReady(): Promise<boolean | null>;
}

type Query = Readonly<Record<string, string | number | null>>;

/** The address of the server, and the API key. Throws a `CommandFailed` that says what is missing. */
export function connectionOf(
  options: ServerOptions,
  { env }: Terminal,
): { readonly url: string; readonly apiKey: string } {
  const base = readBaseUrl(options.url ?? env[URL_VARIABLE] ?? HERE);
  if ('problem' in base) throw new CommandFailed(base.problem);
  const given = options.apiKey ?? env[API_KEY_VARIABLE] ?? '';
  if (given === '') {
    throw new CommandFailed(`There is no API key: set ${API_KEY_VARIABLE}. ${MAKE_ONE}`, EXIT.keyRefused);
  }
  const read = readApiKey(given);
  if ('problem' in read) throw new CommandFailed(read.problem, EXIT.keyRefused);
  return { url: base.url, apiKey: read.apiKey };
}

export function openApi(options: ServerOptions, terminal: Terminal): Api {
  const { url, apiKey } = connectionOf(options, terminal);
  const authorization = `Bearer ${apiKey}`;

  const ask = async (path: string, init: RequestInit) => read(await answerOf(url, path, init));

  function read({ status, text }: Answered): { status: number; body: object; text: string } {
    const body = parsed(text);
    if (typeof body === 'object' && body !== null) return { status, body, text };
    throw notOnceOnly(status);
  }

  function notOnceOnly(status: number): CommandFailed {
    // It may be a page of a proxy, while the server behind it restarts.
    const exitCode = status >= 500 ? EXIT.unavailable : EXIT.wrong;
    return new CommandFailed(
      `Something answered at ${url}, but not OnceOnly (HTTP ${String(status)}).`,
      exitCode,
    );
  }

  function having<Answer>(member: keyof Answer & string, body: object): Answer {
    if (member in body) return body as Answer;
    throw notOnceOnly(200);
  }

  /** Returns null on `not_found`. */
  async function found(path: string, query: Query) {
    const given = Object.entries(query).filter(([, value]) => value !== null && value !== '');
    const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
    const answer = await ask(`${path}?${search.toString()}`, { headers: { authorization } });
    if (answer.status === 200) return answer;
    if (refusedFor(answer.body) === 'not_found') return null;
    throw failureOf(answer.status, answer.body, url);
  }

  return {
    url,
    async get<Answer>(path: string, member: keyof Answer & string, query: Query = {}) {
      const answer = await found(path, query);
      return answer === null ? null : having<Answer>(member, answer.body);
    },
    async getText(path, member, query) {
      const answer = await found(path, query);
      if (answer === null) return null;
      having(member as never, answer.body);
      return rawMember(answer.text, member);
    },
    async post<Answer>(path: string, member: keyof Answer & string, json: string) {
      const headers = { authorization, 'content-type': 'application/json' };
      const { status, body } = await ask(path, { method: 'POST', headers, body: json });
      if (status === 200) return having<Answer>(member, body);
      const refused = refusedFor(body);
      if (refused === 'not_found' || refused === 'changed') return { refused };
      throw failureOf(status, body, url);
    },
    async isReady() {
      const answered = await answerOf(url, '/readyz');
      if (answered.status >= 400 && answered.status < 500) return null;
      return read(answered).status === 200;
    },
  };
}

interface Answered {
  readonly status: number;
  readonly text: string;
}

async function answerOf(url: string, path: string, init: RequestInit = {}): Promise<Answered> {
  try {
    const response = await fetch(url + path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { status: response.status, text: await response.text() };
  } catch {
    throw new CommandFailed(
      `There is no answer at ${url}. Does the server run there? Its address is --url, or ${URL_VARIABLE}.`,
      EXIT.unavailable,
    );
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Parses the value of an option. */
export function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number, 1 or more.');
}
