import { shownTime } from './shown-time.ts';

/**
 * A key that is safe in a sentence for Slack, e-mail or Markdown. Senders of events choose keys, and these must not mention
 * anybody, become a link, or start a line. Letters, digits, spaces, `-`, `_` and `:` are kept; all else becomes `·`.
 */
export const plainText = (key: string): string => key.replaceAll(/[^\p{L}\p{M}\p{N} _:-]/gu, '·');

/** A key that was made from content, with its job and its version, if it has them. */
const OF_CONTENT = /^(?:(.*?):)?sha256-[0-9a-f]{64}(?::(.*?)(?::([0-9a-f]{4})[0-9a-f]{12})?)?$/;
/** The hash that replaces the end of a key that was too long. */
const CUT = /~[0-9a-f]{64}$/;

/** A time, whose fraction of a second may stand behind it, as in the version of a claim. */
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)(\.\d+)?$/;
/** A job, a key and a time, which is the version of a claim, or part of the key that was entered. */
const OF_VERSION = /^([^:]*:.*):(\d{4}-\d\d-\d\dT\d\d:[\d:.+-]+Z?[\d:.]*)$/s;

/**
 * How a sentence names a key, in plain text: “orders:1042”. A key that is a hash of content means nothing to people, so it is not
 * shown. A time is shown as people write it, to the fraction of a second, since changes of one record may follow each other
 * closely: “contacts:17” (30 Nov, 08:12:29.426 UTC). `now`: epoch milliseconds.
 */
export function namedKey(key: string, now: number): string {
  const ofContent = OF_CONTENT.exec(key);
  if (ofContent !== null) {
    const [, job, version, content] = ofContent;
    const event = job === undefined ? 'this event' : `this event of “${plainText(job)}”`;
    if (version === undefined) return event;
    // Changes of one record within the same second differ in nothing else.
    const shown = shownVersion(version, now) ?? `version ${plainText(version)}`;
    return `${event} (${shown}${content === undefined ? '' : `, content ${content}`})`;
  }
  const [, record = key, version = ''] = OF_VERSION.exec(key) ?? [];
  const time = shownVersion(version, now);
  if (time !== null) return `“${plainText(record)}” (${time})`;
  const shown = plainText(key.replace(CUT, ''));
  return `“${shown}${CUT.test(key) ? '…' : ''}”`;
}

/** Null if it is no time. */
function shownVersion(version: string, now: number): string | null {
  const [, time = '', zone = '', fraction = ''] = TIME.exec(version) ?? [];
  const instant = time + fraction + zone;
  const shown = shownTime(instant, now, 'second');
  return shown === instant ? null : shown;
}
