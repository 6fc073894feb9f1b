import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What guides say to enter, read out of their own text: so a test plays what a reader enters, and nothing else. */

const FOLDER = join(import.meta.dirname, '../../docs/guides');

export type PlatformName = 'zapier' | 'n8n' | 'make';

/** A row of a table, as it is written. */
export type Row = Readonly<Record<PlatformName, string>>;

export const guideText = (guide: string): string => readFileSync(join(FOLDER, guide), 'utf8');

/** From a heading to the next one of its kind or above. Throws where the page has none of that name. */
export function sectionOf(guide: string, heading: string): string {
  const lines = guideText(guide).split('\n');
  const from = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  if (from < 0) throw new Error(`${guide} has no heading “${heading}”.`);
  const depth = lines[from]?.indexOf(' ') ?? 0;
  const length = lines.slice(from + 1).findIndex((line) => /^#+ /.test(line) && line.indexOf(' ') <= depth);
  return lines.slice(from, length < 0 ? undefined : from + 1 + length).join('\n');
}

/** The rows of a section's tables of platforms, by what their first cells say. */
export function rowsOf(guide: string, heading: string): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>();
  for (const line of sectionOf(guide, heading).split('\n')) {
    const [, name, zapier, n8n, make] = line.split('|').map((cell) => cell.trim());
    if (name === undefined || zapier === undefined || n8n === undefined || make === undefined) continue;
    rows.set(name.replaceAll('**', ''), { zapier, n8n, make });
  }
  return rows;
}

/** Throws where there is no such row. */
export function rowOf(guide: string, heading: string, name: string): Row {
  const row = rowsOf(guide, heading).get(name);
  if (row === undefined) throw new Error(`${guide}, “${heading}”: there is no row “${name}”.`);
  return row;
}

/** What is to be pasted: all that stands between backticks in a cell, which holds nothing else. */
export function codeIn(cell: string): string {
  const [, code] = /^`([^`]+)`$/.exec(cell) ?? [];
  if (code === undefined) throw new Error(`Not one thing to paste: ${cell}`);
  return code;
}

/** The first block of code of a section. */
export function blockOf(guide: string, heading: string): string {
  const [, block] = /```\w*\n([^`]+)```/.exec(sectionOf(guide, heading)) ?? [];
  if (block === undefined) throw new Error(`${guide}, “${heading}”: there is no code.`);
  return block;
}

/** What the guides to ways of building say to enter, by the rows of their tables. */
export const HABITS = {
  'One at a time per customer': {
    guide: 'one-at-a-time.md',
    heading: 'The recipe',
    enter: { key: 'Key', group: 'One at a Time For' },
  },
  'Changes of a record': {
    guide: 'record-changes.md',
    heading: 'The recipe',
    enter: { key: 'Key', sequence: 'Version or Change Time (Newer Wins)' },
  },
  'My own write starts my automation again': {
    guide: 'own-write.md',
    heading: 'The recipe',
    enter: { key: 'before your work: Key', group: 'One at a Time For', written: 'after your write: Key' },
  },
  'Look before you repeat': { guide: 'look-first.md', heading: 'The recipe', enter: { key: 'Key' } },
  Stripe: {
    guide: 'stripe.md',
    heading: 'With a raw webhook',
    enter: { key: 'Key', group: 'One at a Time For', sequence: 'Version or Change Time (Newer Wins)' },
  },
} as const;

export type Habit = keyof typeof HABITS;

/** A field's cell, as the guide has it. */
export const cellOf = (title: Habit, name: string, platform: PlatformName): string => {
  const { guide, heading } = HABITS[title];
  return rowOf(guide, heading, name)[platform];
};

/** What is pasted on n8n, by the fields' names. */
export const onN8n = <Title extends Habit>(title: Title) =>
  Object.fromEntries(
    Object.entries<string>(HABITS[title].enter).map(([field, name]) => [
      field,
      `=${codeIn(cellOf(title, name, 'n8n'))}`,
    ]),
  ) as Record<keyof (typeof HABITS)[Title]['enter'], string>;
