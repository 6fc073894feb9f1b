import type { Answered } from './questions.ts';
import type { Interval, Target, Verdict } from './statistics.ts';

/** What came of one bench, as BENCHMARKS.md shows it. */
export interface Part {
  readonly title: string;
  /** Paragraphs in Markdown: how it was measured, never what came of it. */
  readonly how: readonly string[];
  readonly tables: readonly Table[];
  readonly answers: readonly Answer[];
  readonly bars?: readonly Bar[];
}

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What came of a target. */
export interface Answer {
  readonly what: string;
  readonly figure: string;
  readonly target: Target & { readonly unit?: string };
  readonly verdict: Verdict;
}

/** Of the chart. */
export interface Bar extends Interval {
  readonly label: string;
  readonly isOurs: boolean;
}

export const number = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(2);

export const ratio = ({ median, low, high }: Interval): string =>
  `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;

/** What was measured while others were at work would mislead. */
export const answered = ({ interval, isQuiet }: Answered): string =>
  isQuiet ? ratio(interval) : 'disturbed';
