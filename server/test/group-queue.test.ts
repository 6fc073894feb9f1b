import { createGroupQueue, type GroupQueue } from '../src/store/shared/group-queue.ts';
import type { Request } from '../src/store/shared/requests.ts';

/** A store that answers when it is told to, and in order. */
function setting(ahead?: number) {
  const batches: { readonly keys: readonly string[]; answer(): void; fail(): void }[] = [];
  const queue = createGroupQueue({
    ...(ahead === undefined ? {} : { ahead }),
    run: (requests) =>
      new Promise((resolve, reject) => {
        batches.push({
          keys: requests.map(keyOf),
          answer: () => {
            resolve(() => requests.map((request) => ({ answer: keyOf(request) as never })));
          },
          fail: () => {
            reject(new Error('The disk is gone.'));
          },
        });
      }),
  });
  const sizes = () => batches.map(({ keys }) => keys.length);
  return { queue, batches, sizes };
}

const keyOf = (request: Request): string => (request as { key: string }).key;
const turn = () => new Promise(setImmediate);
const ask = (queue: GroupQueue, count: number, name = 'key', tenant = 'acme') =>
  Array.from({ length: count }, (_, n) => queue.send('read', { tenant, key: `${name}-${String(n)}` }));

test('what is asked for in one turn of the event loop is one batch', async () => {
  const { queue, batches, sizes } = setting();
  const asked = ask(queue, 10);
  await turn();
  expect(sizes()).toEqual([10]);
  batches[0]?.answer();
  expect(await Promise.all(asked)).toEqual(batches[0]?.keys);
});

test('of many, the store begins before the turn is over; what gathers while it is at work is the next batch', async () => {
  const { queue, batches, sizes } = setting();
  const asked = ask(queue, 50);
  expect(sizes()).toEqual([32]);
  await turn();
  expect(sizes()).toEqual([32]);
  batches[0]?.answer();
  await asked[0];
  expect(sizes()).toEqual([32, 18]);
  batches[1]?.answer();
  expect(await Promise.all(asked)).toHaveLength(50);
});

test('a store that takes batches ahead is given so many, and no more', async () => {
  const { queue, batches, sizes } = setting(3);
  const asked = ask(queue, 36);
  await turn();
  asked.push(...ask(queue, 5, 'later'));
  await turn();
  asked.push(...ask(queue, 7, 'last'), ...ask(queue, 2, 'least'));
  await turn();
  expect(sizes()).toEqual([32, 4, 5]);
  for (const batch of batches.slice(0, 3)) batch.answer();
  await asked[0];
  await turn();
  expect(sizes()).toEqual([32, 4, 5, 9]);
  batches[3]?.answer();
  expect(await Promise.all(asked)).toEqual(batches.flatMap(({ keys }) => keys));
});

test('a batch that fails fails its own calls alone', async () => {
  const { queue, batches } = setting(2);
  const lost = ask(queue, 2, 'lost');
  await turn();
  const kept = ask(queue, 2, 'kept');
  await turn();
  batches[0]?.fail();
  batches[1]?.answer();
  for (const call of lost) await expect(call).rejects.toThrow('The disk is gone.');
  expect(await Promise.all(kept)).toEqual(['kept-0', 'kept-1']);
});

test('steps through the keys of runs go one a batch, and who else waits goes in between', async () => {
  const { queue, batches, sizes } = setting();
  const fail = { tenant: 'acme', errorCode: 'e', retryable: true, noEffect: false, after: '', limit: 500 };
  const failing = ['r1', 'r2'].map((run) => queue.send('failRun', { ...fail, run }));
  const other = ask(queue, 3, 'other', 'other');
  await turn();
  expect(sizes()).toEqual([2]);
  batches[0]?.answer();
  await Promise.all([failing[0], other[0]]);
  expect(sizes()).toEqual([2, 3]);
  batches[1]?.answer();
  await Promise.all([...failing, ...other]);
});

test('closing waits for what was asked for in the same turn, and for all that is at work', async () => {
  const { queue, batches } = setting(2);
  const asked = ask(queue, 80);
  let isClosed = false;
  const closed = queue.close().then(() => void (isClosed = true));
  await expect(queue.send('read', { tenant: 'acme', key: 'late' })).rejects.toThrow('The store is closed.');
  while (batches.length < 3) {
    expect(isClosed).toBe(false);
    batches.at(-1)?.answer();
    batches.at(-2)?.answer();
    await turn();
  }
  batches.at(-1)?.answer();
  await closed;
  expect(await Promise.all(asked)).toHaveLength(80);
});

test('a tenant that sends more than the store can do neither fills the queue nor holds up the others', async () => {
  const { queue, batches } = setting();
  const first = ask(queue, 32, 'first');
  const flood = ask(queue, 20_000, 'flood');
  await expect(ask(queue, 1, 'refused')[0]).rejects.toThrow('more to do than it can keep up with');
  const other = ask(queue, 3, 'other', 'other');
  batches[0]?.answer();
  await Promise.all(first);
  const { keys = [] } = batches[1] ?? {};
  expect(keys.slice(0, 6)).toEqual(['flood-0', 'other-0', 'flood-1', 'other-1', 'flood-2', 'other-2']);
  batches[1]?.answer();
  await Promise.all(other);
  const state = { isDone: false };
  const done = Promise.all(flood).finally(() => {
    state.isDone = true;
  });
  let answered = 2;
  while (!state.isDone) {
    if (batches[answered] !== undefined) {
      batches[answered]?.answer();
      answered += 1;
    }
    await turn();
  }
  expect(await done).toEqual(
    batches.flatMap(({ keys: all }) => all.filter((key) => key.startsWith('flood'))),
  );
});
