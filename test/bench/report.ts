import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { format } from 'prettier';
import { chartOf } from './chart.ts';
import type { Answer, Part, Table } from './part.ts';

const SERVER = new URL('../../server/', import.meta.url);
const FILE = new URL('results.json', import.meta.url);

/** A part, and on what it was measured when. */
interface Kept extends Part {
  readonly when: string;
  readonly where: string;
}

type Results = Readonly<Record<string, Kept>>;

/** Keeps what came of a bench, and writes BENCHMARKS.md of all that is kept. */
export async function write(parts: Readonly<Record<string, Part>>): Promise<void> {
  const kept = existsSync(FILE) ? (JSON.parse(await readFile(FILE, 'utf8')) as Results) : {};
  const when = new Date().toISOString().slice(0, 10);
  const where = `${String(cpus().length)} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Linux ${release()}, Node ${process.version}`;
  const now = Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, { ...part, when, where }]),
  );
  const results: Results = { ...kept, ...now };
  await writeFile(FILE, await format(JSON.stringify(results), { parser: 'json', printWidth: 110 }));
  await writeFile(new URL('BENCHMARKS.md', SERVER), await format(reportOf(results), { parser: 'markdown' }));
  const bars = results['claims']?.bars;
  if (bars !== undefined && bars.length > 0)
    await writeFile(new URL('benchmarks.svg', SERVER), chartOf(bars));
}

/** As it is printed, and written. */
export const sectionOf = ({ title, how, tables }: Part): string =>
  [`## ${title}`, ...how, ...tables.map(tableOf)].join('\n\n');

export const answersOf = (answers: readonly Answer[]): string =>
  tableOf({
    head: ['', 'measured', 'target', ''],
    rows: answers.map(({ what, figure, target, verdict }) => [
      ...[what, figure, wanted(target)],
      verdict === 'reached' ? verdict : `**${verdict}**`,
    ]),
  });

function reportOf(results: Results): string {
  const all = ORDER.flatMap((name) => results[name] ?? []);
  const missing = ORDER.filter((name) => results[name] === undefined);
  return [
    '# Benchmarks',
    'Written by `npm run bench -- --write`, whole; `-- growth --write` adds growth. The load generator, the servers and the stores share one machine. Read the ratios: absolute figures move with the machine.',
    '## Targets',
    answersOf(all.flatMap(({ answers }) => answers)),
    ...(results['claims']?.bars?.length
      ? [
          '![Claims a second at 64 connections, as a part of the floor’s, with their intervals](benchmarks.svg)',
        ]
      : []),
    ...(missing.length > 0 ? [`Not measured since this bench was last changed: ${missing.join(', ')}.`] : []),
    ...all.map((part) => `${sectionOf(part)}\n\nMeasured on ${part.when}: ${part.where}.`),
  ].join('\n\n');
}

const ORDER = ['claims', 'stalls', 'growth', 'n8n', 'zapier', 'guard', 'once', 'profile'];

const wanted = ({ atLeast, atMost, unit = '' }: Answer['target']): string =>
  [
    ...(atLeast === undefined ? [] : [`at least ${String(atLeast)}${unit}`]),
    ...(atMost === undefined ? [] : [`at most ${String(atMost)}${unit}`]),
  ].join(', ');

const tableOf = ({ head, rows }: Table): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
