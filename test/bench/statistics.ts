import { randomOf } from '../../server/test/hostile.ts';

/** Values that were measured one after the other, by the start of all processes in which they were. */
export type Starts = readonly (readonly number[])[];

export interface Interval {
  readonly median: number;
  /** The true median lies between these in 99 runs of 100. */
  readonly low: number;
  readonly high: number;
}

export interface Target {
  readonly atLeast?: number;
  readonly atMost?: number;
}

export type Verdict = 'reached' | 'missed' | 'not decided';

const RESAMPLES = 2_000;
const CONFIDENCE = 0.99;
/** Less says too little of how far values are apart. */
const ENOUGH = 8;

/**
 * The median and its bootstrap interval. A process that is started anew has its memory and its compiled code arranged
 * anew: starts are drawn first, then the values within each. The same values give the same interval.
 */
export function intervalOf(starts: Starts): Interval {
  const random = randomOf(1);
  const draw = <T>(from: readonly T[]): readonly T[] =>
    from.map(() => from[Math.floor(random() * from.length)] as T);
  const full = starts.filter((values) => values.length > 0);
  const median = quantileOf(full.flat(), 0.5);
  if (full.flat().length < ENOUGH)
    return { median, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const medians = Array.from({ length: RESAMPLES }, () => quantileOf(draw(full).flatMap(draw), 0.5));
  const outside = (1 - CONFIDENCE) / 2;
  return { median, low: quantileOf(medians, outside), high: quantileOf(medians, 1 - outside) };
}

/** Decided only where the whole interval is on one side of the target. */
export function verdictOf(
  { low, high }: Interval,
  { atLeast = 0, atMost = Number.POSITIVE_INFINITY }: Target,
): Verdict {
  if (low >= atLeast && high <= atMost) return 'reached';
  if (high < atLeast || low > atMost) return 'missed';
  return 'not decided';
}

/** As a part of the median. */
export const widthOf = ({ median, low, high }: Interval): number => (high - low) / median;

/** `part` from 0 to 1, between two values where it falls between them; `NaN` of no values. */
export function quantileOf(values: readonly number[], part: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = part * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}
