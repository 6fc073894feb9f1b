import { CommandFailed, EXIT } from './failure.ts';

export const MAKE_ONE =
  'Make an operator key with: onceonly-server api-keys create --tenant NAME --role operator';

const detailOf = (body: object): unknown => ('detail' in body ? body.detail : undefined);

/** The word that programs read in a refusal. */
export function refusedFor(body: object): string | undefined {
  const detail = detailOf(body);
  if (typeof detail !== 'object' || detail === null || !('error' in detail)) return undefined;
  return typeof detail.error === 'string' ? detail.error : undefined;
}

/** In a sentence: what the server said, and what to do. */
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
