import { signers } from './verify.ts';

/** What senders of webhooks sign with, by their ids; a sender may have several. */
export type SigningSecrets = ReadonlyMap<string, readonly string[]>;

/** What a connection holds, one `sender: secret` a line. A problem names the line, and never tells a secret. */
export function readSigningSecrets(
  entered: unknown,
): { readonly secrets: SigningSecrets } | { readonly problem: string } {
  const secrets = new Map<string, readonly string[]>();
  const text = typeof entered === 'string' ? entered : '';
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const colon = line.indexOf(':');
    const sender = line.slice(0, colon).trim().toLowerCase();
    const secret = line.slice(colon + 1).trim();
    const where = `Signing Secrets: line ${String(at + 1)}`;
    if (colon < 1 || secret === '')
      return { problem: `${where} is not of the form “sender: secret”, such as “stripe: whsec_…”.` };
    if (!signers().includes(sender))
      return {
        problem: `${where} begins with no sender whose signature can be checked; those are: ${signers().join(', ')}.`,
      };
    secrets.set(sender, [...(secrets.get(sender) ?? []), secret]);
  }
  return { secrets };
}
