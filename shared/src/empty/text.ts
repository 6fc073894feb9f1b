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
    const closing = `</${opening[1] ?? ''}>`.toLowerCase();
    const end = rest.toLowerCase().indexOf(closing, opening.index);
    if (end < 0) return true;
    rest = rest.slice(end + closing.length);
  }
}
