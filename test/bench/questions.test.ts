import { answer, ratiosOf, verdictOn } from './questions.ts';
import type { Round, Sample } from './slices.ts';

const sample = (perSecond: number, floor: number, isQuiet = true): Sample => {
  const slice = { perSecond, serverUs: 1, sumUs: 1, others: 0 };
  return { ...slice, floor: { ...slice, perSecond: floor }, isQuiet };
};
const round = (samples: Readonly<Record<string, Sample>>): Round => new Map(Object.entries(samples));

test('a ratio is to the floor of the same moment, and of two to each other in the same round alone', () => {
  const starts = [
    [
      // The machine is half as fast in the second round.
      round({ on: sample(80, 100), off: sample(90, 100) }),
      round({ on: sample(40, 50), off: sample(30, 50) }),
    ],
    [round({ on: sample(70, 100) })],
  ];
  expect(ratiosOf({ of: ['on'], figure: 'perSecond' }, starts)).toEqual([[0.8, 0.8], [0.7]]);
  const [both = [], none] = ratiosOf({ of: ['on', 'off'], figure: 'perSecond' }, starts);
  expect(both.map((ratio) => ratio.toFixed(2))).toEqual(['0.89', '1.33']);
  expect(none).toEqual([]);
});

test('slices that others disturbed decide nothing, and are not mixed with quiet ones', () => {
  const question = { of: ['on'], figure: 'perSecond' } as const;
  const quiet = Array.from({ length: 9 }, () => round({ on: sample(90, 100) }));
  const disturbed = Array.from({ length: 30 }, () => round({ on: sample(50, 100, false) }));
  const target = { atLeast: 0.8 };
  const both = answer(question, [[...quiet, ...disturbed]]);
  expect(both).toEqual({ interval: { median: 0.9, low: 0.9, high: 0.9 }, isQuiet: true });
  expect(verdictOn(both, target)).toBe('reached');
  const alone = answer(question, [disturbed]);
  expect(alone.interval.median).toBe(0.5);
  expect(verdictOn(alone, target)).toBe('not decided');
});
