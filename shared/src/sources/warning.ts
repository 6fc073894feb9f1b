import { plainText } from '../named-key.ts';

/** The most paths that are named. The others are counted. */
const MOST = 5;

const leaveOut = (them: string): string =>
  `if a resend changes ${them}, name ${them} under Fields to Leave Out`;

/**
 * A warning about paths in the content of a key that a resend may change, as a sentence without its full stop. Null if there are
 * no such paths.
 */
export function warningOf(paths: readonly string[], advice = leaveOut): string | null {
  if (paths.length === 0) return null;
  // The names come from a sender, and the sentence is shown in messages.
  const plain = (path: string): string => path.split('.').map(plainText).join('.');
  const named = paths.slice(0, MOST).map((path) => `“${plain(path)}”`);
  const more = paths.length - named.length;
  const all = [...named, ...(more > 0 ? [`${String(more)} more`] : [])];
  const list = all.length === 1 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`;
  const them = all.length === 1 ? 'it' : 'them';
  return `It includes ${list}: ${advice(them)}`;
}
