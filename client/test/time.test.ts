import { realTime } from '../src/time.ts';

test('what was due before is due at once: Node warns of a negative time', async () => {
  const setTimeout = jest.spyOn(globalThis, 'setTimeout');
  await realTime.sleep(-601);
  expect(setTimeout).toHaveBeenCalledWith(expect.any(Function), 0);
  setTimeout.mockRestore();
});

test('a pause between renewals ends soon after a machine that slept has woken: its timers stood still, and its clock did not', async () => {
  jest.useFakeTimers();
  try {
    const ended = jest.fn();
    void realTime.sleep(200_000, new AbortController().signal).then(ended);
    await jest.advanceTimersByTimeAsync(20_000);
    expect(ended).not.toHaveBeenCalled();
    jest.setSystemTime(Date.now() + 3_600_000);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(ended).toHaveBeenCalledTimes(1);
  } finally {
    jest.useRealTimers();
  }
});

test('a clock that is set back makes no pause longer', async () => {
  jest.useFakeTimers();
  try {
    const ended = jest.fn();
    void realTime.sleep(200_000, new AbortController().signal).then(ended);
    jest.setSystemTime(Date.now() - 3_600_000);
    await jest.advanceTimersByTimeAsync(199_000);
    expect(ended).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(ended).toHaveBeenCalledTimes(1);
  } finally {
    jest.useRealTimers();
  }
});
