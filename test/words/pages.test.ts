import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MARK } from '../../docs/generate/senders-page.ts';
import { measure } from './measure.ts';

/*
 * The pages that people write, held to a length of their sentences. A page may take more words than a message, since its
 * reader has chosen to read.
 */
const LONGEST_SENTENCE = 30;

const root = join(import.meta.dirname, '../..');

/** What a tool writes, or what is a list of changes and numbers. */
const OTHERS = ['CHANGELOG.md', 'server/BENCHMARKS.md'];

const pages = globSync(
  ['*.md', 'docs/**/*.md', '{server,client,zapier-app,n8n-node,make-app,make-app/app}/*.md'],
  { cwd: root, exclude: (path) => path === 'node_modules' },
).filter((page) => !OTHERS.includes(page));

/** Paragraphs and items of lists, as they are read: without code, tables, headings, and the addresses of links. */
function paragraphsOf(page: string): readonly string[] {
  const [byHand = ''] = page.split(MARK);
  return byHand
    .replaceAll(/^ *```[^]*?^ *```$/gm, '')
    .split(/\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )/)
    .filter((paragraph) => !/^\s*[|#<]/.test(paragraph))
    .map((paragraph) =>
      paragraph
        .replace(/^\s*(?:[-*>]|\d+\.|\[\^\d\]:) /, '')
        .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
        .replaceAll(/`[^`]*`/g, '…')
        .replaceAll(/[*_]/g, '')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    );
}

test('no sentence of a page is too long to be taken in at once', () => {
  const sentences = pages.flatMap((page) =>
    paragraphsOf(readFileSync(join(root, page), 'utf8')).flatMap((paragraph) =>
      measure(paragraph).sentences.map((sentence) => ({ page, sentence, ...measure(sentence) })),
    ),
  );
  expect(pages.length).toBeGreaterThan(30);
  expect(sentences.length).toBeGreaterThan(1_000);
  const long = sentences.filter(({ words }) => words > LONGEST_SENTENCE);
  expect(long.map(({ page, words, sentence }) => `${page}: ${String(words)} words: ${sentence}`)).toEqual([]);
});

test('what is measured is what a reader meets', () => {
  const page = `# A heading\n\nSee [the page](a/b.md), and\ntype \`a b c\`. Then:\n\n- **One** thing.\n\n| a | b |\n\n\`\`\`\ncode\n\`\`\`\n${MARK}\nwritten`;
  expect(paragraphsOf(page).filter((text) => text !== '')).toEqual([
    'See the page, and type …. Then:',
    'One thing.',
  ]);
});
