import { shownTime } from './shown-time.ts';

/**
 * A key within a sentence that may go to Slack, by e-mail or into Markdown: senders of events choose keys, and theirs must
 * not mention anybody, be a link, or begin a line. Letters and digits, spaces, `-`, `_` and `:` are left as they are.
 */
export const plainText = (key: string): string => key.replaceAll(/[^\p{L}\p{M}\p{N} _:-]/gu, '·');

/** A key that content made, with its job and a version, if there are any. */
const OF_CONTENT = /^(?:(.*?):)?sha256-[0-9a-f]{64}(?::.*)?$/;
/** What stands in the place of the end of a key that was too long. */
const CUT = /~[0-9a-f]{64}$/;

/** A job, a key, and behind them an instant: the version that a claim was given, or what somebody put there. */
const OF_VERSION =
  /^([^:]*:.*):(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))(?:\.\d+)?$/s;

/**
 * What a sentence calls a key, job and all, in plain text: “orders:1042”. Nobody knows an event by a hash of its content, and a
 * time is shown as people write it, to the second, since changes of one record may follow each other: “contacts:17”
 * (30 Nov, 08:12:29 UTC). `now`: epoch milliseconds.
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
