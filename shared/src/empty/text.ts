/** How models mark the thoughts that they write into their text: `<think>`, and what else is in use. */
const MARK = /<(\/?)(think|thinking|thoughts?|reasoning|seed:think)\s*>|\[(\/?)(THINK)\]/gi;
/** Anything but white space and characters that show nothing: zero-width spaces, marks of direction, fillers, Braille's blank. */
const SEEN = /[^\s\p{Z}\p{Cc}\p{Cf}\p{DI}\u2800]/u;
/** The lines of a code fence, which models put around JSON. */
const FENCE = /^[ \t]*(?:```|~~~)[\w+-]*[ \t]*$/gm;
/** A code fence on one line. */
const ON_ONE_LINE = /^\s*(```|~~~)(?:json\b)?(.*)\1\s*$/i;

/**
 * What a text shows: without the thoughts that a model wrote into it, and without code fences around it; '' where that is
 * nothing. Thoughts that were cut off have nothing after them. Some models are sent the opening mark and write only the
 * closing one: what stands before that is thought too.
 */
export function shownText(text: string): string {
  let shownFrom = 0;
  let thinking: string | null = null;
  for (const mark of text.matchAll(MARK)) {
    const tag = (mark[2] ?? mark[4] ?? '').toLowerCase();
    const closes = (mark[1] ?? mark[3]) === '/';
    if (thinking !== null && !(closes && tag === thinking)) continue;
    if (closes) {
      thinking = null;
      shownFrom = mark.index + mark[0].length;
    } else if (SEEN.test(text.slice(shownFrom, mark.index))) break;
    else thinking = tag;
  }
  if (thinking !== null) return '';
  const shown = text.slice(shownFrom).replace(FENCE, '').replace(ON_ONE_LINE, '$2');
  return SEEN.test(shown) ? shown : '';
}

/** Whether a text says that it holds a model's thoughts. */
export const hasThoughts = (text: string): boolean => text.search(MARK) !== -1;
