/*
 * Detects a key or a job that names nothing: the rest of a mapping whose fields were missing, or the mapping itself. All such events
 * would share one key. The patterns are written so that JavaScript and Make read them in the same way.
 */

/** White space, control characters and punctuation of ASCII, Latin-1 and other common Unicode blocks. */
const NOTHING =
  '\\ufe00-\\ufe0f\\u0000-\\u002f\\u003a-\\u0040\\u005b-\\u0060\\u007b-\\u00a5\\u00a7\\u00a8\\u00ab-\\u00ad\\u00af\\u00b1\\u00b4\\u00b6-\\u00b8' +
  '\\u00bb\\u00bf\\u1680\\u2000-\\u206f\\u2e00-\\u2e2e\\u2e30-\\u2e4f\\u3000-\\u3003\\u3008-\\u3011\\u3014-\\u301f\\ufe30-\\ufe6b\\ufeff' +
  '\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65';

const TEMPLATE = '\\{\\{[\\s\\S]*\\}\\}';
const OBJECT = '[object Object]';

/** What a key or a job must match. */
export const NAMES_SOMETHING = `^(?=[\\s\\S]*[^${NOTHING}])(?![\\s\\S]*(?:${TEMPLATE}|\\[object Object\\]))`;

const onlyNothing = new RegExp(`^[${NOTHING}]*$`);
const template = new RegExp(TEMPLATE);

/** Why a text names nothing, as the rest of a sentence that begins with its label; null if it may name something. */
export function whyNamesNothing(text: string, would = 'share one key'): string | null {
  if (onlyNothing.test(text)) {
    return `has no letter or digit in it: the mapped fields were missing or empty. All such events would ${would}.`;
  }
  if (template.test(text)) {
    return `still has “{{” and “}}” in it: no value was filled in. All events would ${would}.`;
  }
  if (text.includes(OBJECT)) {
    return `holds “[object Object]”: a whole object was mapped instead of one of its fields. All events would ${would}.`;
  }
  return null;
}

/** Of a key that was typed in where a field of the event should be mapped. */
export const SAME_FOR_ALL =
  '“Key” takes nothing from the event, so it is the same for all of them. Every later event stops as a duplicate of the first. Map the event’s own number into it.';

/** Of a job or a key with the time of the run in it, or another value that no other run has. */
export const newInEachRun = (label: string, value: string): string =>
  `“${label}” has ${value} in it, which is new in each run. So no run would ever count as a duplicate. Use a value that a resend has too.`;

/** The same for a full key, which is job, colon and key: which of the two names nothing, and why. */
export function whyKeyNamesNothing(
  fullKey: string,
): { readonly part: 'job' | 'key'; readonly why: string } | null {
  const colon = fullKey.indexOf(':');
  const job = colon < 0 ? null : whyNamesNothing(fullKey.slice(0, colon));
  if (job !== null) return { part: 'job', why: job };
  const key = whyNamesNothing(fullKey) ?? whyNamesNothing(fullKey.slice(colon + 1));
  return key === null ? null : { part: 'key', why: key };
}
