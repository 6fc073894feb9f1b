/**
 * A key within a sentence that may go to Slack, by e-mail or into Markdown: senders of events choose keys, and theirs must
 * not mention anybody, be a link, or begin a line. Letters and digits, spaces, `-`, `_` and `:` are left as they are.
 */
export const plainText = (key: string): string => key.replaceAll(/[^\p{L}\p{M}\p{N} _:-]/gu, '·');

/** A key that content made, with its job and a version, if there are any. */
const OF_CONTENT = /^(?:(.*?):)?sha256-[0-9a-f]{64}(?::.*)?$/;
/** What stands in the place of the end of a key that was too long. */
const CUT = /~[0-9a-f]{64}$/;

/** What a sentence calls a key, job and all, in plain text: “orders:1042”. Nobody knows an event by a hash of its content. */
export function namedKey(key: string): string {
  const ofContent = OF_CONTENT.exec(key);
  if (ofContent === null) {
    const shown = plainText(key.replace(CUT, ''));
    return `“${shown}${CUT.test(key) ? '…' : ''}”`;
  }
  const [, job] = ofContent;
  return job === undefined ? 'this event' : `this event of “${plainText(job)}”`;
}
