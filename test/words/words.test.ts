import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { operations, sources, triggers, type Field, type Operation } from '@onceonly/shared';
import type { Rule } from '@onceonly/shared/rules.ts';
import { messagesPage } from '../../docs/generate/messages-page.ts';
import { allSaid, commandsSaid, VARIES, type Said } from '../../docs/generate/said.ts';
import { MARK } from '../../docs/generate/senders-page.ts';
import { makeTexts } from './make-texts.ts';
import { measure } from './measure.ts';

/*
 * Whoever reads these texts builds automations, programs nothing, and often has another first language. So no sentence is
 * longer than most people take in at once, and none needs more than the school years of a child of fifteen.
 */
const LONGEST_SENTENCE = 24;
const HIGHEST_GRADE = 10;
/** A field's help; what it has no room for is behind its link. */
const MOST_SENTENCES = 3;
/** Shown in the test's output, whether it passes or not. */
const WORST = 10;

/** Words of ours, and of programmers. */
const JARGON =
  /\b(leases?|holders?|fenc(e|ing)|idempot\w+|tenants?|payloads?|ttl|enums?|null|undefined|stack|hash(es)?|sha-?256|reentrant|boolean)\b/i;

/** Where one of these words is somebody else's name, it stays: people see it under that name. */
const NAMES: Readonly<Record<string, string>> = {
  'Idempotency Key': 'Stripe and others call it so, and so does our output that goes there',
  'Tenant ID': 'a field of Xero',
  'Payload URI': 'what Zapier calls a field of Calendly',
  'payloads of the webhook': 'what Airtable calls what it lists',
  'webhook’s payloads': 'what Airtable calls what it lists',
  'source and payload': 'fields of a request, told to who writes one',
};

const root = join(import.meta.dirname, '../..');
const measured = (texts: readonly Said[]) => texts.map((said) => ({ ...said, ...measure(said.text) }));
const all = measured([...allSaid(), ...makeTexts()]);
const commands = measured(commandsSaid());
const steps: readonly Operation[] = Object.values(operations);
const fields: readonly Field[] = [...steps, ...Object.values(triggers)].flatMap((each) => each.fields);

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
  expect(texts).toContain(operations.claimKey.description);
  expect(texts).toContain(
    '“Claim Token” is empty, and several claims went into “…”. n8n does not know which one belongs to this item.',
  );
  expect(texts).toContain('Another run is at work on … and has not finished yet.…');
  // An element of the dashboard with one in it; and Make's own, of an expression.
  expect(texts).toContain('Keys begin with their Job Name and a colon. Show all keys');
  expect(texts).toContain('Failed for good: …. Reason: …. To run it again, use another key.');
  expect(texts.length).toBeGreaterThan(500);
  // Of a command's help: its description, a line of the list behind it, and a setting.
  const ofCommands = commands.map(({ text }) => text);
  expect(ofCommands).toContain('Lists keys that were claimed, in no order.');
  expect(ofCommands).toContain('2 there is no such key');
  expect(ofCommands).toContain('The port that the server listens at.');
});

test('no sentence is too long to be taken in at once', () => {
  expect(shown([...all, ...commands].filter(({ words }) => words > LONGEST_SENTENCE))).toEqual([]);
});

test('no text is hard to read', () => {
  expect(shown([...all, ...commands].filter(({ grade }) => grade > HIGHEST_GRADE))).toEqual([]);
});

test('what is measured is what a reader meets', () => {
  const two = 'The run stops. It was done before.';
  expect(measure(two)).toMatchObject({ sentences: ['The run stops.', 'It was done before.'], words: 4 });
  const easy = measure('The first run goes on, and all that come after it stop here.');
  const hard = measure(
    'Subsequently initiated executions are terminated deterministically, notwithstanding idempotency configuration.',
  );
  expect([easy.grade < 5, hard.grade > 18]).toEqual([true, true]);
  // A name is copied, and not read.
  const header = 'Enter the header X-Atlassian-Webhook-Identifier of each one that comes.';
  expect(measure(header).grade).toBeLessThan(8);
});

/** Without names: what others call so, what is copied, and the field of a request that a message begins with. */
const plainWords = (text: string): string =>
  Object.keys(NAMES)
    .reduce((rest, name) => rest.replaceAll(name, ''), text)
    .replace(/^payload /, '')
    .replaceAll(/\S*[\w-][-_.]\w\S*/g, '');

test('no text has words that only programmers know', () => {
  const labels = [...steps, ...fields, ...steps.flatMap(({ outputs }) => outputs)].map(({ label }) => label);
  const choices = fields.flatMap((field) => (field.type === 'choice' ? field.choices : []));
  const read = [...all.map(({ text }) => text), ...labels, ...choices.map(({ label }) => label)];
  expect(read.filter((text) => JARGON.test(plainWords(text)))).toEqual([]);
  // Whoever leaves a name out that nobody uses any more, does so here as well.
  const unused = Object.keys(NAMES).filter((name) => !read.some((text) => text.includes(name)));
  expect(unused).toEqual([]);
});

test('a field’s help is short, and says where to read on', () => {
  const long = fields.filter(({ help }) => measure(help).sentences.length > MOST_SENTENCES);
  expect(long.map(({ help }) => help)).toEqual([]);
  const guides = fields.flatMap(({ guide }) => guide ?? []);
  expect(guides.length).toBeGreaterThan(5);
  for (const guide of guides) {
    const [page = '', heading] = guide.split('#');
    const file = join(root, 'docs', page);
    expect([guide, existsSync(file)]).toEqual([guide, true]);
    const headings = [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, each = '']) => each);
    const anchors = headings.map((each) =>
      each
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    );
    expect([undefined, ...anchors]).toContain(heading);
  }
});

test('what a person is to do in the dashboard is called as its button is', () => {
  // Read as text: the dashboard's modules are compiled for a browser.
  const words = readFileSync(join(root, 'server/dashboard/words.ts'), 'utf8');
  const buttons = [...words.matchAll(/^ +button: '(.+)',$/gm)].map(([, button = '']) => button);
  expect(buttons).toHaveLength(3);
  const texts = all.filter(({ file }) => !file.startsWith('server/dashboard')).map(({ text }) => text);
  const clicks = texts.filter((text) => /\bclick “/.test(text));
  expect(clicks.length).toBeGreaterThan(3);
  expect(clicks.filter((text) => !buttons.some((button) => text.includes(`click “${button}”`)))).toEqual([]);
  // No button says so, and the words of commands are for programmers.
  expect(texts.filter((text) => /\brelease (the|a) key\b|\bmark (the|that) key as\b/i.test(text))).toEqual(
    [],
  );
  const guide = readFileSync(join(root, 'docs/after-a-crash.md'), 'utf8');
  expect(buttons.filter((button) => !guide.includes(`_${button}_`))).toEqual([]);
});

describe('docs/messages.md', () => {
  const page = readFileSync(join(root, 'docs/messages.md'), 'utf8');

  test('is what the source says: run npm run docs', () => {
    expect(page.slice(page.indexOf(MARK) + MARK.length)).toBe(messagesPage());
  });

  test.each(steps.map((step) => [step.label, step] as const))('has all that %s says', (_, { outputs }) => {
    const message = outputs.find(({ id }) => id === 'message');
    const senders = new Set<string>(sources.map(({ label }) => label));
    const pieces = textsIn(message?.from ?? null).filter(
      (text) => text.trim().split(' ').length > 2 && !senders.has(text),
    );
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.filter((text) => !page.includes(text.trim()))).toEqual([]);
  });

  test('tells times as people write them, and no hash', () => {
    expect(page).toContain('was already handled on 29 Nov, 08:12 UTC. This run stopped.');
    const prose = page.replaceAll(/2026-11-29T08:12:29Z|2026-11-25T/g, VARIES);
    expect(prose).not.toMatch(/\d{4}-\d\d-\d\dT|[0-9a-f]{32}/);
  });
});

/** What a rule may say by itself. */
function textsIn(rule: Rule): readonly string[] {
  if (typeof rule === 'string') return [rule];
  if (typeof rule !== 'object' || rule === null) return [];
  if ('if' in rule) return rule.if.slice(1).flatMap(textsIn);
  if ('match' in rule) return [...Object.values(rule.match[1]), rule.match[2]].flatMap(textsIn);
  if ('join' in rule) return rule.join.flatMap(textsIn);
  return 'first' in rule ? rule.first.flatMap(textsIn) : [];
}
