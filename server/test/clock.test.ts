import { countElapsed, steadyClock } from '../src/clock.ts';
import { watchSteps, runOn } from '../src/store/shared/time.ts';

const DAY_MS = 86_400_000;

test('what passes counts, the time in which the machine was suspended included, and no coarse clock more', () => {
  const at = { running: 1_000, awake: 50_000, wall: 5 * DAY_MS };
  const elapsed = countElapsed(
    () => at.running,
    () => at.awake,
    () => at.wall,
  );
  at.running += 500;
  at.wall += 500;
  expect(elapsed()).toBe(500);
  // A clock of whole seconds.
  at.awake += 1_000;
  expect(elapsed()).toBe(500);
  at.awake += DAY_MS;
  at.wall += DAY_MS;
  const after = elapsed();
  expect(after).toBeGreaterThanOrEqual(DAY_MS);
  at.running += 100;
  at.awake += 100;
  expect(elapsed()).toBe(after + 100);
});

test('a suspension is noticed at once by the wall clock, and soon without it', () => {
  const at = { running: 0, awake: 0, wall: 5 * DAY_MS };
  let looks = 0;
  const elapsed = countElapsed(
    () => at.running,
    () => (looks += 1) && at.awake,
    () => at.wall,
  );
  const pass = (ms: number, suspended = 0, set = 0): number => {
    at.running += ms;
    at.awake += ms + suspended;
    at.wall += ms + suspended + set;
    return elapsed();
  };
  expect([pass(1), pass(1), pass(1)]).toEqual([1, 2, 3]);
  expect(looks).toBe(1);
  expect(pass(1, DAY_MS)).toBe(DAY_MS + 4);
  // Somebody sets the wall clock back by as much in the same moment.
  expect(pass(1, DAY_MS, -DAY_MS)).toBe(DAY_MS + 5);
  expect(pass(100)).toBe(2 * DAY_MS + 105);
});

test('a steady clock feels no step of the one that it began with', () => {
  let wall = 5 * DAY_MS;
  let passed = 0;
  const clock = steadyClock(
    () => wall,
    () => passed,
  );
  wall += 8 * DAY_MS;
  passed += 1_000;
  expect(clock()).toBe(5 * DAY_MS + 1_000);
  wall -= 10 * DAY_MS;
  passed += 1_000;
  expect(clock()).toBe(5 * DAY_MS + 2_000);
});

test('a time that runs on is never ahead of a clock that was not set back', () => {
  let passed = 0;
  const time = runOn(() => passed);
  expect(time.now()).toBe(0);
  time.advanceTo(DAY_MS);
  passed += 10_000;
  expect(time.now()).toBeGreaterThan(DAY_MS + 9_000);
  expect(time.now()).toBeLessThan(DAY_MS + 10_000);
  const reached = time.now();
  time.advanceTo(DAY_MS);
  expect(time.now()).toBe(reached);
});

test('a step of a clock is told for an hour', () => {
  let passed = 0;
  let clock = DAY_MS;
  const look = watchSteps("The database's clock", () => passed);
  const pass = (ms: number, stepped = 0) => {
    passed += ms;
    clock += ms + stepped;
    return look(clock).map(({ what }) => what);
  };
  expect(pass(60_000)).toEqual([]);
  expect(pass(60_000, 8 * DAY_MS)).toEqual([
    expect.stringMatching(/^The database's clock was set forward by 8 days: leases/),
  ]);
  expect(pass(60_000)).toHaveLength(1);
  expect(pass(60_000, -DAY_MS)).toEqual([expect.stringMatching(/was set back by 24 hours/)]);
  expect(pass(3_600_000)).toEqual([]);
});
