import { allSaid } from '../../docs/generate/said.ts';
import { measure } from './measure.ts';

/*
 * Whoever reads these texts builds automations, programs nothing, and often has another first language. So no sentence is
 * longer than most people take in at once, and none needs more than a few years of school.
 */
const LONGEST_SENTENCE = 60;
const HIGHEST_GRADE = 18;
/** Shown in the test's output, whether it passes or not. */
const WORST = 10;

const all = allSaid().map((said) => ({ ...said, ...measure(said.text) }));

type Text = (typeof all)[number];

const shown = (texts: readonly Text[]): readonly string[] =>
  texts.map(
    ({ file, line, text, words, grade }) =>
      `${file}:${String(line)}: ${String(words)} words, grade ${grade.toFixed(1)}: ${text}`,
  );

afterAll(() => {
  const sentences = all.reduce((sum, each) => sum + each.sentences.length, 0);
  const worst = [...all].sort((one, other) => other.grade + other.words - one.grade - one.words);
  const heading = `${String(all.length)} texts, ${String(sentences)} sentences. The ${String(WORST)} hardest to read:`;
  process.stdout.write(`${[heading, ...shown(worst.slice(0, WORST))].join('\n')}\n`);
});

test('the texts are those that users read', () => {
  const texts = all.map(({ text }) => text);
  expect(texts).toContain('Claims a key for this run, so that every other run of the same event stops here.');
  expect(texts).toContain(
    '“Claim Token” is empty, and it is not certain which claim belongs to this item: several went into “…”, and n8n does not know which of them came out where.',
  );
  expect(texts).toContain('Another run is at work on … and has not finished yet.');
});

test('no sentence is too long to be taken in at once', () => {
  expect(shown(all.filter(({ words }) => words > LONGEST_SENTENCE))).toEqual([]);
});

test('no text is hard to read', () => {
  expect(shown(all.filter(({ grade }) => grade > HIGHEST_GRADE))).toEqual([]);
});

test('what is measured is what a reader meets', () => {
  expect(measure('The run stops. It was done before.')).toMatchObject({
    sentences: ['The run stops.', 'It was done before.'],
    words: 4,
  });
  const easy = measure('The first run goes on, and all that come after it stop here.');
  const hard = measure(
    'Subsequently initiated executions are terminated deterministically, notwithstanding idempotency configuration.',
  );
  expect([easy.grade < 5, hard.grade > 18]).toEqual([true, true]);
  // A name is copied, and not read.
  expect(
    measure('Enter the header X-Atlassian-Webhook-Identifier of each one that comes.').grade,
  ).toBeLessThan(8);
});
