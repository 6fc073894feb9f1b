import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Operation } from './history.ts';
import { unexplained } from './linearize.ts';

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

/** Judges what clients saw, and reports it; answers the keys whose answers no order of their requests explains. */
export function judge(
  run: Omit<Tried, 'requests' | 'came'>,
  operations: readonly Operation[],
  more = '',
): ReturnType<typeof unexplained> {
  const wrong = unexplained(operations);
  const unanswered = operations.filter(({ answer }) => answer === null).length;
  const came = `${String(wrong.length)} answers wrong, ${unanswered.toLocaleString('en-US')} requests without one${more}`;
  report({ ...run, requests: operations.length, came });
  return wrong;
}
