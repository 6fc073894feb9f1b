/**
 * A key within a sentence that may go to Slack, by e-mail or into Markdown: senders of events choose keys, and theirs must
 * not mention anybody, be a link, or begin a line. Letters and digits, spaces, `-`, `_` and `:` are left as they are.
 */
export const plainText = (key: string): string => key.replaceAll(/[^\p{L}\p{M}\p{N} _:-]/gu, '·');
