import { intervalOf, quantileOf, verdictOf, widthOf } from './statistics.ts';
import { randomOf } from '../../server/test/hostile.ts';

/** Around `middle`, as far as `spread` times it. */
const noisy = (random: () => number, middle: number, { count = 30, spread = 0.2 } = {}): number[] =>
  Array.from({ length: count }, () => middle * (1 + spread * (random() + random() - 1)));

test('quantiles are between values where they fall between them', () => {
  expect(quantileOf([3, 1, 2], 0.5)).toBe(2);
  expect(quantileOf([4, 1, 2, 3], 0.5)).toBe(2.5);
  expect(quantileOf([1, 2], 0)).toBe(1);
  expect(quantileOf([], 0.5)).toBeNaN();
});

test('the interval holds the true median in nearly all runs, and is the same for the same values', () => {
  const random = randomOf(7);
  let missed = 0;
  for (let run = 0; run < 30; run += 1) {
    const starts = [1, 2, 3].map(() => noisy(random, 0.7));
    const { low, high } = intervalOf(starts);
    if (low > 0.7 || high < 0.7) missed += 1;
    expect(intervalOf(starts)).toMatchObject({ low, high });
  }
  expect(missed).toBeLessThanOrEqual(2);
});

test('starts that differ make it as wide as they are apart, however many values each has', () => {
  const random = randomOf(7);
  const starts = [0.6, 0.7, 0.8].map((middle) => noisy(random, middle, { count: 300, spread: 0.01 }));
  const { low, high } = intervalOf(starts);
  expect(low).toBeLessThan(0.61);
  expect(high).toBeGreaterThan(0.79);
});

test('a few outliers move it little', () => {
  const random = randomOf(7);
  const interval = intervalOf([[...noisy(random, 1, { spread: 0.05 }), 20, 20, 20]]);
  expect(widthOf(interval)).toBeLessThan(0.1);
});

test('few values decide nothing, whatever they are', () => {
  const interval = intervalOf([[1, 1, 1], [1, 1], []]);
  expect(interval.median).toBe(1);
  expect(verdictOf(interval, { atLeast: 0.5 })).toBe('not decided');
});

test('only an interval that is all on one side of the target decides', () => {
  const interval = { median: 0.8, low: 0.75, high: 0.85 };
  expect(verdictOf(interval, { atLeast: 0.75 })).toBe('reached');
  expect(verdictOf(interval, { atLeast: 0.76 })).toBe('not decided');
  expect(verdictOf(interval, { atLeast: 0.86 })).toBe('missed');
  expect(verdictOf(interval, { atMost: 0.85 })).toBe('reached');
  expect(verdictOf(interval, { atMost: 0.84 })).toBe('not decided');
  expect(verdictOf(interval, { atMost: 0.74 })).toBe('missed');
});
