const OPENING = /<(think|thinking|reasoning)>/i;

/**
 * Nothing to be seen: white space, or thoughts that a model wrote into its text. Thoughts that were cut off before their
 * end have nothing after them.
 */
export function isBlankText(text: string): boolean {
  let rest = text;
  for (;;) {
    const opening = OPENING.exec(rest);
    if (opening === null) return rest.trim() === '';
    if (rest.slice(0, opening.index).trim() !== '') return false;
    const thoughts = rest.slice(opening.index);
    const closing = new RegExp(`</${opening[1] ?? ''}>`, 'i').exec(thoughts);
    if (closing === null) return true;
    rest = thoughts.slice(closing.index + closing[0].length);
  }
}
