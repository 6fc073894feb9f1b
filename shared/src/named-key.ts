import { shownTime } from './shown-time.ts';

/**
 * A key that is safe in a sentence for Slack, e-mail or Markdown. Senders of events choose keys, and these must not mention
 * anybody, become a link, or start a line. Letters, digits, spaces, `-`, `_` and `:` are kept; all else becomes `·`.
 */
export const plainText = (key: string): string => key.replaceAll(/[^\p{L}\p{M}\p{N} _:-]/gu, '·');

/** A key that was made from content, with its job and its version, if it has them. */
const OF_CONTENT = /^(?:(.*?):)?sha256-[0-9a-f]{64}(?::.*)?$/;
/** The hash that replaces the end of a key that was too long. */
const CUT = /~[0-9a-f]{64}$/;

/** A job, a key and a time, which is the version of a claim, or part of the key that was entered. */
const OF_VERSION =
  /^([^:]*:.*):(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))(?:\.\d+)?$/s;

/**
 * How a sentence names a key, in plain text: “orders:1042”. A key that is a hash of content means nothing to people, so it is not
 * shown. A time is shown as people write it, with seconds, since changes of one record may follow each other closely:
 * “contacts:17” (30 Nov, 08:12:29 UTC). `now`: epoch milliseconds.
 */
export function namedKey(key: string, now: number): string {
  const ofContent = OF_CONTENT.exec(key);
  if (ofContent !== null) {
    const [, job] = ofContent;
    return job === undefined ? 'this event' : `this event of “${plainText(job)}”`;
  }
  const [, record = key, version = ''] = OF_VERSION.exec(key) ?? [];
  const time = shownTime(version, now, 'second');
  if (time !== version) return `“${plainText(record)}” (${time})`;
  const shown = plainText(key.replace(CUT, ''));
  return `“${shown}${CUT.test(key) ? '…' : ''}”`;
}
