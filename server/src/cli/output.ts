import stringWidth from 'string-width';
import { printable } from './terminal.ts';

/** Rows under a header, in aligned columns. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return columns([header, ...rows]);
}

/** Labels and values, one pair a line. */
export function facts(rows: readonly (readonly [label: string, fact: string])[]): string {
  return columns(rows);
}

function columns(rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map(printable));
  const widths: number[] = [];
  for (const row of shown) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, stringWidth(cell));
    });
  }
  const padded = (cell: string, column: number): string =>
    cell + ' '.repeat((widths[column] ?? 0) - stringWidth(cell));
  return shown.map((row) => `${row.map(padded).join('  ').trimEnd()}\n`).join('');
}

/** An event as `/v1/events` shows it. */
export interface ShownEvent {
  readonly id: string;
  readonly at: string;
  readonly type: string;
  readonly key: string;
  readonly run: string | null;
  readonly attempt: number;
  readonly error_code: string | null;
}

/** One line for people: the time, the type, the key, and what else is known. */
export function eventLine({ at, type, key, run, attempt, error_code }: ShownEvent): string {
  const more = [
    attempt > 1 ? `attempt ${String(attempt)}` : null,
    run === null ? null : `run ${run}`,
    error_code,
  ].filter((each) => each !== null);
  return `${printable([at, type.padEnd(10), key, ...more].join('  '))}\n`;
}
