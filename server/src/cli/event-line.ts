import { printable } from './terminal.ts';

/** As `/v1/events` shows it. */
export interface ShownEvent {
  readonly id: string;
  readonly at: string;
  readonly type: string;
  readonly key: string;
  readonly run: string | null;
  readonly attempt: number;
  readonly error_code: string | null;
}

/** One line for people: when, what, which key, and what else is known. */
export function eventLine({ at, type, key, run, attempt, error_code }: ShownEvent): string {
  const more = [
    attempt > 1 ? `attempt ${String(attempt)}` : null,
    run === null ? null : `run ${run}`,
    error_code,
  ].filter((each) => each !== null);
  return `${printable([at, type.padEnd(10), key, ...more].join('  '))}\n`;
}
