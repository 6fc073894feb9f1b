/** The tags with which models mark reasoning in their text: `<think>` and its variants. */
const MARK = /<(\/?)(think|thinking|thoughts?|reasoning|seed:think)\s*>|\[(\/?)(THINK)\]/gi;
/** Any visible character: not white space, and not invisible, as zero-width spaces, direction marks, fillers and the Braille blank. */
const SEEN = /[^\s\p{Z}\p{Cc}\p{Cf}\p{DI}\u2800]/u;
/** The lines of a code fence, which models often put around JSON. */
const FENCE = /^[ \t]*(?:```|~~~)[\w+-]*[ \t]*$/gm;
/** A code fence on one line. */
const ON_ONE_LINE = /^\s*(```|~~~)(?:json\b)?(.*)\1\s*$/i;

/**
 * The visible part of a text, without a model's reasoning and without code fences; '' if there is none. After an opening tag without
 * a closing one, everything is reasoning. Some models get the opening tag in their prompt and write only the closing one, so
 * everything before that is reasoning too.
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

/** Whether a text contains a tag of a model's reasoning. */
export const hasThoughts = (text: string): boolean => text.search(MARK) !== -1;
