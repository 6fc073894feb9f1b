import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = join(import.meta.dirname, '../../docs/reliability.md');
const BEGIN = '<!-- Written by the runs: RENEW_RELIABILITY=1 -->';
const END = '<!-- The end of what the runs wrote -->';
const HEADER = [
  '| What was tried | On | How often | Requests | What came | On the day |',
  '| --- | --- | --- | --: | --- | --- |',
];

/** Whether what comes of the runs is written into the page. */
export const isWritten = process.env['RENEW_RELIABILITY'] === '1';

/** One run of faults, as the page tells it. */
export interface Tried {
  readonly what: string;
  /** The store. */
  readonly on: string;
  readonly howOften: string;
  /** How many requests clients sent meanwhile. */
  readonly requests: number;
  readonly came: string;
}

/**
 * Writes what came of a run into docs/reliability.md, in the place of the last such run, where `RENEW_RELIABILITY` is 1.
 * To be called before what came is judged, so that a fault is written down as well. Suites that report run one by one
 * (`--runInBand`).
 */
export function report({ what, on, howOften, requests, came }: Tried): void {
  if (!isWritten) return;
  const page = readFileSync(PAGE, 'utf8');
  const [before = '', rest = ''] = page.split(BEGIN);
  const [table = '', after = ''] = rest.split(END);
  const name = `| ${what} | ${on} |`;
  const day = new Date().toISOString().slice(0, 10);
  const row = `${name} ${howOften} | ${requests.toLocaleString('en-US')} | ${came} | ${day} |`;
  const rows = table.split('\n').filter((line) => /^\| [A-Z]/.test(line) && cellsOf(line) !== HEADER[0]);
  const kept = rows.filter((line) => !cellsOf(line).startsWith(name));
  const written = [...HEADER, ...[...kept.map(cellsOf), row].sort()].join('\n');
  writeFileSync(PAGE, `${before}${BEGIN}\n\n${written}\n\n${END}${after}`);
}

/** As it was written, before a formatter widened its columns. */
const cellsOf = (line: string): string =>
  line
    .split('|')
    .map((cell) => cell.trim())
    .join(' | ')
    .trim();

/** How a history came out: what no order of its requests explains, and what was never answered. */
export function cameOf(
  operations: readonly { readonly answer: unknown }[],
  unexplained: readonly unknown[],
): string {
  const unanswered = operations.filter(({ answer }) => answer === null).length;
  return `${String(unexplained.length)} answers wrong, ${unanswered.toLocaleString('en-US')} requests without one`;
}
