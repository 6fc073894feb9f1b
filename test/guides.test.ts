import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { operations, sources, type Field, type Operation } from '@onceonly/shared';
import { searchOf } from '../zapier-app/src/actions.ts';
import { headingOf, MARK, sendersPage } from '../docs/generate/senders-page.ts';
import { blockOf, type PlatformName } from './recipes/guide.ts';
import { keyOn, openRecipes, recipeFor } from './recipes/recipes.ts';
import { bodyOf, filled, parsedByZapier, SETUP } from './recipes/triggers.ts';

const PLATFORMS: readonly PlatformName[] = ['zapier', 'n8n', 'make'];

const root = join(import.meta.dirname, '..');
const folder = join(root, 'docs/guides');
const files = readdirSync(folder).filter((file) => file.endsWith('.md'));
const guides = files.filter((file) => file !== 'README.md');

/** Every page of the project, wherever it is. */
const pages = [
  '.',
  'docs',
  'docs/guides',
  'server',
  'zapier-app',
  'n8n-node',
  'make-app',
  'make-app/app',
  'client',
  'test/frozen',
].flatMap((where) =>
  readdirSync(join(root, where))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(where, file)),
);
const read = (page: string): string => readFileSync(join(root, page), 'utf8');
const guide = (file: string): string => read(`docs/guides/${file}`);

const LINK = /!?\[[^\]]*\]\(([^)\s]+)\)/g;
const linksIn = (text: string): string[] => [...text.matchAll(LINK)].map(([, to]) => to ?? '');
const titleOf = (text: string): string => /^# (.+)$/m.exec(text)?.[1] ?? '';

/** As GitHub makes them. */
const anchorsIn = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

/** All that our steps are called: operations, fields, outputs and choices. */
const labels = new Set(
  Object.values<Operation>(operations).flatMap(({ label, fields, outputs }) => [
    label,
    ...fields.flatMap((field: Field) => [
      field.label,
      ...(field.type === 'choice' ? field.choices.map((choice) => choice.label) : []),
    ]),
    ...outputs.map((output) => output.label),
  ]),
);

const PARTS_OF_A_BLOCK = ['Key', 'Compared', 'Retries', 'Without Detect'];

test('the senders that most people have have a guide', () => {
  const known = [
    'stripe',
    'shopify',
    'github',
    'slack',
    'twilio',
    'hubspot',
    'typeform',
    'standard_webhooks',
    'generic',
  ];
  expect(sources.map(({ id }) => id)).toEqual(expect.arrayContaining(known));
  for (const id of known) expect(guides).toContain(`${id.replaceAll('_', '-')}.md`);
});

test('docs/senders.md has every sender of the registry, as it says: run npm run docs', () => {
  const page = read('docs/senders.md');
  const lines = new Set(page.split('\n'));
  expect(sources.map(headingOf).filter((heading) => !lines.has(heading))).toEqual([]);
  const [byHand = '', ofRegistry] = page.split(MARK);
  expect(ofRegistry).toBe(sendersPage());
  const bold = [...byHand.matchAll(/\*\*([^*]+)\*\*/g)].map(([, name = '']) => name.replaceAll(/\s+/g, ' '));
  const own = new Set([...labels, ...sources.map(({ label }) => label), ...PARTS_OF_A_BLOCK]);
  expect(bold.filter((name) => !own.has(name))).toEqual([]);
});

test('the list of guides has them all', () => {
  expect(linksIn(guide('README.md')).filter((to) => guides.includes(to))).toEqual(
    expect.arrayContaining(guides),
  );
});

test.each(guides)('%s: why, what to enter, after a crash, and the test', (file) => {
  const text = guide(file);
  const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  const recipes = headings.includes('The recipe')
    ? ['The recipe']
    : ['With the native trigger', 'With a raw webhook'];
  // Agents need no automation around them: what guards them without one comes first.
  if (file === 'ai-agents.md') recipes.unshift('With a guard before its tools');
  // Where it costs what all cost, the page of guides says so.
  const costs = headings.includes('What it costs') ? ['What it costs'] : [];
  expect(headings).toEqual(['Why it doubles', ...recipes, ...costs, 'After a crash', 'Seen to work']);
  const seen = linksIn(text.slice(text.indexOf('## Seen to work')));
  expect(seen.some((to) => to.endsWith('.test.ts'))).toBe(true);
});

test.each(files)('%s: what is bold is the name of a step, a field, a choice or an output', (file) => {
  const bold = [...guide(file).matchAll(/\*\*([^*]+)\*\*/g)].map(([, name = '']) =>
    name.replaceAll(/\s+/g, ' '),
  );
  expect(bold.length).toBeGreaterThan(0);
  expect(bold.filter((name) => !labels.has(name))).toEqual([]);
});

test('whoever names a step that Zapier calls otherwise, says how', () => {
  const { label } = operations.getKey;
  const onZapier = searchOf(operations.getKey).display.label;
  expect(onZapier).not.toBe(label);
  const naming = ['docs/fields.md', ...files.map((file) => `docs/guides/${file}`)].filter((page) =>
    read(page).includes(label),
  );
  expect(naming.length).toBeGreaterThan(1);
  expect(naming.filter((page) => !read(page).replaceAll(/\s+/g, ' ').includes(`_${onZapier}_`))).toEqual([]);
});

test('a scenario to import comes from the deploy command, which knows what Make calls the app', () => {
  const linked = pages.filter((page) => linksIn(read(page)).some((to) => to.includes('make-app/blueprints')));
  expect(linked).toEqual([]);
});

/** What a field's help has no room for: the page that the help links, by the field's label. */
const explained = new Map(
  Object.values<Operation>(operations)
    .flatMap(({ fields }) => fields)
    .flatMap(({ label, guide: page }: Field) => (page === undefined ? [] : [[label, page] as const])),
);

test.each(pages.filter((page) => page.startsWith('docs/')))(
  '%s: a field that has a page of its own is linked to it',
  (page) => {
    const text = read(page).replaceAll(/\s+/g, ' ');
    const links = linksIn(text).map((to) => relative('docs', join(dirname(page), to)));
    const missing = [...explained].filter(([label, to]) => {
      const [home = ''] = to.split('#');
      const isLinked = links.some((link) => link === to || link.startsWith(`${to}#`));
      return text.includes(`**${label}**`) && page !== join('docs', home) && !isLinked;
    });
    expect(missing).toEqual([]);
  },
);

test.each(pages)('%s: every link to a file leads to it, and to a heading of it', (page) => {
  const broken = linksIn(read(page))
    .filter((to) => !/^https?:/.test(to))
    .filter((to) => {
      const [path = '', anchor] = to.split('#');
      const file = path === '' ? page : relative(root, join(root, dirname(page), path));
      if (!existsSync(join(root, file))) return true;
      return anchor !== undefined && !anchorsIn(read(file)).includes(anchor);
    });
  expect(broken).toEqual([]);
});

/* The tables themselves are played on each platform by test/recipes; here, that they say the same, and the page that all need. */

test('what a guide says to enter comes to one key on all platforms, by event', async () => {
  for (const recipe of await openRecipes()) {
    const keys = [0, 1, 2].flatMap((event) =>
      [0, 1, 2].map((attempt) =>
        PLATFORMS.map((platform) => keyOn(platform, recipe, recipe.deliver(event, attempt))),
      ),
    );
    expect([recipe.guide, keys.filter((each) => new Set(each).size > 1)]).toEqual([recipe.guide, []]);
    expect([recipe.guide, new Set(keys.flat()).size]).toEqual([recipe.guide, 3]);
  }
});

test('a header is picked on Make by the formula, as it stands there', async () => {
  const delivery = recipeFor(await openRecipes(), 'GitHub').deliver(0, 0);
  const cell = `\`${blockOf(SETUP, 'Webhooks on Make').trim()}\``;
  const trigger = '_Custom webhook_, _Get request headers_';
  expect(filled('make', cell, trigger, delivery)).toBe(delivery.headers['X-GitHub-Delivery']);
});

test('the code for Zapier makes fields of a raw body, be it JSON or a form', async () => {
  const recipes = await openRecipes();
  for (const source of ['GitHub', 'Shopify', 'Standard Webhooks', 'Twilio', 'HubSpot']) {
    const delivery = recipeFor(recipes, source).deliver(1, 0);
    const fields = JSON.parse(JSON.stringify(parsedByZapier(delivery))) as unknown;
    expect([source, fields]).toEqual([source, bodyOf(delivery)]);
  }
});

/** The rows of the tables of what is tested: a guide, then a test on each platform. */
const rows = read('docs/tested.md')
  .split('\n')
  .filter((line) => line.startsWith('| [') && line.includes('(guides/'))
  .map((line) => line.split('|').slice(1, -1).flatMap(linksIn))
  .map((links) => links.map((to) => join('docs', to)));

test('the table of what is tested has a row for every guide, and a test in every cell that names the source', () => {
  expect(rows.map(([first]) => first?.replace('docs/guides/', '')).sort()).toEqual([...guides].sort());
  for (const [page = '', ...cells] of rows) {
    const source = titleOf(read(page));
    expect([source, cells.length]).toEqual([source, 3]);
    for (const cell of cells) {
      expect(cell).toMatch(/\.(test|suite)\.ts$/);
      expect([cell, source, read(cell).includes(source)]).toEqual([cell, source, true]);
    }
  }
});
