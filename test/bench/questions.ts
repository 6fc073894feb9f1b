import { STORES } from './contenders.ts';
import type { Round, Sample } from './slices.ts';
import {
  intervalOf,
  verdictOf,
  type Interval,
  type Starts,
  type Target,
  type Verdict,
} from './statistics.ts';

export type Figure = 'perSecond' | 'serverUs' | 'sumUs';

/** A ratio with a target. */
export interface Question {
  readonly what: string;
  /** The contenders that have to be measured for it. */
  readonly of: readonly string[];
  readonly figure: Figure;
  readonly target: Target;
}

const CLAIMS = { SQLite: 0.85, Redis: 0.7, Postgres: 0.55 };
const PROCESSOR = { SQLite: 1.35, Redis: 1.35, Postgres: 1.45 };

export const questions: readonly Question[] = [
  ...STORES.map((store): Question => ({
    ...{ what: `${store}: claims a second ÷ the floor’s`, of: [store], figure: 'perSecond' },
    target: { atLeast: CLAIMS[store] },
  })),
  ...STORES.map((store): Question => ({
    ...{ what: `${store}: processor time of a claim ÷ the floor’s`, of: [store], figure: 'serverUs' },
    target: { atMost: PROCESSOR[store] },
  })),
  {
    ...{ what: 'SQLite: processor time with all watching ÷ with none', figure: 'serverUs' },
    ...{ of: ['SQLite', 'SQLite, watching off'], target: { atMost: 1.1 } },
  },
  ...STORES.map((store): Question => ({
    ...{ what: `${store}: processor time of claim and complete ÷ the floor’s request`, figure: 'serverUs' },
    ...{ of: [`${store}, cycle`], target: { atMost: 2.4 } },
  })),
  ...STORES.map((store): Question => ({
    ...{ what: `${store}: processor time of an item in a batch of 100 ÷ of a claim`, figure: 'serverUs' },
    ...{ of: [`${store}, batch`, store], target: { atMost: 0.25 } },
  })),
];

export interface Answered {
  readonly interval: Interval;
  /** Whether enough slices had the machine for themselves; else the interval is of all, and decides nothing. */
  readonly isQuiet: boolean;
}

export function answer(
  question: Pick<Question, 'of' | 'figure'>,
  starts: readonly (readonly Round[])[],
): Answered {
  const quiet = intervalOf(ratiosOf(question, starts, ({ isQuiet }) => isQuiet));
  if (Number.isFinite(quiet.low)) return { interval: quiet, isQuiet: true };
  return { interval: intervalOf(ratiosOf(question, starts)), isQuiet: false };
}

export const verdictOn = ({ interval, isQuiet }: Answered, target: Target): Verdict =>
  isQuiet ? verdictOf(interval, target) : 'not decided';

/** The first contender's figure beside its floor ÷ that of the second one, or ÷ the floor alone, in each round that has them. */
export const ratiosOf = (
  { of: [above = '', below], figure }: Pick<Question, 'of' | 'figure'>,
  starts: readonly (readonly Round[])[],
  counts: (sample: Sample) => boolean = () => true,
): Starts =>
  starts.map((rounds) =>
    rounds.flatMap((round) => {
      const besideFloor = (name: string): number | undefined => {
        const sample = round.get(name);
        return sample && counts(sample) ? sample[figure] / sample.floor[figure] : undefined;
      };
      const value = besideFloor(above);
      const divisor = below === undefined ? 1 : besideFloor(below);
      return value === undefined || divisor === undefined ? [] : [value / divisor];
    }),
  );
