import { fleschKincaid } from 'flesch-kincaid';
import { syllable } from 'syllable';

export interface Measured {
  readonly sentences: readonly string[];
  /** Of the longest sentence. */
  readonly words: number;
  /** Years of school that it takes to read, by Flesch and Kincaid; 0 of a text too short to tell. */
  readonly grade: number;
}

/** Of fewer words, one long word decides. */
const FEWEST_WORDS = 8;

/** How hard a text is to read. */
export function measure(text: string): Measured {
  const sentences = text.trim().split(END);
  const counts = sentences.map((each) => wordsOf(each).length);
  const all = wordsOf(text);
  const syllables = all.reduce((sum, word) => sum + syllablesOf(word), 0);
  const grade =
    all.length < FEWEST_WORDS
      ? 0
      : fleschKincaid({ sentence: sentences.length, word: all.length, syllable: syllables });
  return { sentences, words: Math.max(...counts), grade };
}

const END = /(?<=[.!?]”?)\s+(?=[“"‘']?[A-Z…])/;

/** What varies in a text is one, too. */
const wordsOf = (text: string): readonly string[] =>
  text.split(/\s+/).filter((each) => /[\p{L}\p{N}…]/u.test(each));

/** What is copied and not read: the name of a header or a member, an address, a command, an expression. */
const NAME = /[_/{}$=…]|\w\.\w|[a-z][A-Z]|[A-Z]\w*-[A-Z]|--|onceonly-/;

const syllablesOf = (word: string): number => (NAME.test(word) ? 1 : Math.max(1, syllable(word)));
