import { realTime } from '../src/time.ts';

test('what was due before is due at once: Node warns of a negative time', async () => {
  const setTimeout = jest.spyOn(globalThis, 'setTimeout');
  await realTime.sleep(-601);
  expect(setTimeout).toHaveBeenCalledWith(expect.any(Function), 0);
  setTimeout.mockRestore();
});
