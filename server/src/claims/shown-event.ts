import { jobOf, type KeyEvent } from './events.ts';

/** An event as it leaves the server: an item of `/v1/events`, and what a hook is told. */
export function shownEvent(event: Omit<KeyEvent, 'by'>) {
  const { id, at, type, key, run, attempt, firstSeenAt, errorCode } = event;
  return {
    id: String(id),
    at: new Date(at).toISOString(),
    type,
    job: jobOf(key),
    event_key: key.slice(key.indexOf(':') + 1),
    key,
    shown_key: plainText(key),
    run,
    attempt,
    first_seen_at: new Date(firstSeenAt).toISOString(),
    error_code: errorCode,
  };
}

/**
 * A key within a sentence that may go to Slack, by e-mail or into Markdown: senders of events choose keys, and theirs must
 * not mention anybody, be a link, or begin a line. Letters and digits, spaces, `-`, `_` and `:` are left as they are.
 */
const plainText = (key: string): string => key.replaceAll(/[^\p{L}\p{M}\p{N} _:-]/gu, '·');
