import { startChore } from '../src/chore.ts';

test('works in steps until nothing is left, and never two at once', async () => {
  const left = [500, 500, 3];
  let atWork = 0;
  let done!: () => void;
  const empty = new Promise<void>((resolve) => (done = resolve));
  const chore = startChore(
    async (limit) => {
      expect([limit, (atWork += 1)]).toEqual([500, 1]);
      await new Promise(setImmediate);
      atWork -= 1;
      const swept = left.shift() ?? 0;
      if (left.length === 0) done();
      return swept;
    },
    {
      onError: (error) => {
        throw error;
      },
      everyMs: 1_000_000,
    },
  );
  await empty;
  await chore.stop();
  expect(left).toEqual([]);
});

test('a failure is told, and the next round tries again', async () => {
  const errors: unknown[] = [];
  let calls = 0;
  let again!: () => void;
  const second = new Promise<void>((resolve) => (again = resolve));
  const chore = startChore(
    () => {
      calls += 1;
      if (calls === 1) return Promise.reject(new Error('busy'));
      again();
      return Promise.resolve(0);
    },
    { onError: (error) => errors.push(error), everyMs: 1 },
  );
  await second;
  await chore.stop();
  const callsAtStop = calls;
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect([errors, calls]).toEqual([[new Error('busy')], callsAtStop]);
});
