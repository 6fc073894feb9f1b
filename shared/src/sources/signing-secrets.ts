import { isObject } from '../json.ts';
import { signerNamed, signers } from './verify.ts';

/** The secrets with which senders sign, by the id of the sender. A sender may have several. */
export type SigningSecrets = ReadonlyMap<string, readonly string[]>;

type Read = { readonly secrets: SigningSecrets } | { readonly problem: string };

/**
 * Reads the secrets of a connection: `sender: secret` on each line, or in any other form in which it is clear where a secret ends.
 * A problem names the line, but never contains a secret.
 */
export function readSigningSecrets(entered: unknown): Read {
  const secrets = new Map<string, readonly string[]>();
  for (const [at, line] of linesOf(entered).entries()) {
    for (const one of typeof line === 'string' ? onLine(line) : [null]) {
      const read = one === null ? NO_PAIR : readPair(one);
      if (typeof read === 'string') return { problem: `Signing Secrets: line ${String(at + 1)} ${read}` };
      secrets.set(read.signer, [...(secrets.get(read.signer) ?? []), read.secret]);
    }
  }
  return { secrets };
}

const NO_PAIR = 'must look like “sender: secret”, such as “stripe: whsec_…”.';

/** The lines of the text. Null stands for a value that is not text. */
function linesOf(entered: unknown): readonly (string | null)[] {
  if (entered === undefined || entered === null) return [];
  if (typeof entered === 'string') {
    const json = /^\s*[[{]/.test(entered) ? parsed(entered) : undefined;
    return json === undefined ? entered.split(/\r\n|[\n\r\u2028\u2029]/) : linesOf(json);
  }
  if (Array.isArray(entered)) return (entered as unknown[]).map((each) => textOr(each));
  if (!isObject(entered)) return [null];
  return Object.entries(entered).flatMap(([sender, given]) =>
    (Array.isArray(given) ? (given as unknown[]) : [given]).map((secret) =>
      typeof secret === 'string' && secret !== '' ? `${sender}: "${secret}"` : null,
    ),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const textOr = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const QUOTED = /^(?:"([^"]*)"|'([^']*)'|“([^”]*)”|‘([^’]*)’)$/;

function unquoted(text: string): string {
  const quoted = QUOTED.exec(text);
  return quoted === null ? text : quoted.slice(1).join('').trim();
}

const BETWEEN = String.raw`[\s,;|]`;

/** Splits a line only where the name of a sender and a colon begin another entry. */
function onLine(line: string): readonly string[] {
  const next = new RegExp(`${BETWEEN}+(?=["'“‘]?(?:${signers().join('|')})\\s*:)`, 'i');
  const trimmed = line.replace(new RegExp(`^${BETWEEN}+|${BETWEEN}+$`, 'g'), '');
  return trimmed === '' ? [] : trimmed.split(next);
}

function readPair(text: string): { readonly signer: string; readonly secret: string } | string {
  const pair = unquoted(text.trim());
  const colon = pair.indexOf(':');
  const given = pair.slice(colon + 1).trim();
  const secret = unquoted(given);
  if (colon < 1 || secret === '') return NO_PAIR;
  const signer = signerNamed(unquoted(pair.slice(0, colon).trim()));
  if (signer === undefined)
    return `must begin with a sender whose signature can be checked. Those are: ${signers().join(', ')}.`;
  if (secret !== given) return { signer, secret };
  if (/^["'“‘]|["'”’]$/.test(secret)) return 'has a quotation mark that is not closed.';
  const isSeveral =
    /[,;|\\]|\s\S+\s*:/.test(secret) ||
    signerNamed(secret.slice(0, Math.max(0, secret.indexOf(':')))) !== undefined;
  return isSeveral
    ? 'holds a second sender or secret. Put each on its own line. Put a secret with a comma, semicolon, bar or backslash between quotation marks.'
    : { signer, secret };
}
