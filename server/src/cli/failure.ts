/** The exit codes, for scripts. `--help` lists them. */
export const EXIT = {
  wrong: 1,
  notFound: 2,
  changed: 3,
  unavailable: 4,
  keyRefused: 5,
} as const;

export const EXIT_HELP = `
Exit codes:
  0  done
  1  the command cannot be done as it was given; doctor: a setting can lose a claim
  2  there is no such key
  3  the key was changed by somebody else since it was shown; nothing was done
  4  the server, or its store, does not answer
  5  the server refused the API key`;

/** A command failed. The message is a sentence for the person who ran it. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.wrong) {
    super(message);
    this.exitCode = exitCode;
  }
}

export const MAKE_ONE =
  'Make an operator key with: onceonly-server api-keys create --tenant NAME --role operator';

const detailOf = (body: object): unknown => ('detail' in body ? body.detail : undefined);

/** The error code in a refusal. */
export function refusedFor(body: object): string | undefined {
  const detail = detailOf(body);
  if (typeof detail !== 'object' || detail === null || !('error' in detail)) return undefined;
  return typeof detail.error === 'string' ? detail.error : undefined;
}

/** The failure for an answer: a sentence that says what the server answered, and what to do. */
export function failureOf(status: number, body: object, url: string): CommandFailed {
  const detail = detailOf(body);
  if (refusedFor(body) === 'operator_key_needed') {
    return new CommandFailed(
      `The server refused this key: it is an automation key. ${MAKE_ONE}`,
      EXIT.keyRefused,
    );
  }
  switch (status) {
    case 401:
    case 403:
      return new CommandFailed(
        `The server at ${url} does not know this API key, or it was revoked. ${MAKE_ONE}`,
        EXIT.keyRefused,
      );
    case 429:
      return new CommandFailed(
        'Too many requests came with this API key. Try again in a minute.',
        EXIT.unavailable,
      );
    case 422:
      return new CommandFailed(faultsOf(detail));
  }
  const sentence = typeof detail === 'string' ? detail : `The server answered HTTP ${String(status)}.`;
  return new CommandFailed(sentence, status >= 500 ? EXIT.unavailable : EXIT.wrong);
}

function faultsOf(detail: unknown): string {
  if (!Array.isArray(detail)) return typeof detail === 'string' ? detail : 'The server refused a value.';
  return detail.map(({ msg }: { msg?: unknown }) => String(msg)).join(' ');
}
