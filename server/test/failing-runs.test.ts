import { join } from 'node:path';
import { StoreUnavailable } from '../src/claims/claim-store.ts';
import type { Send } from '../src/store/shared/requests.ts';
import { storeOf } from '../src/store/shared/store-of.ts';
import { startThread } from '../src/store/sqlite/thread.ts';
import { claimOf, NOON, TENANT } from './store/fixture.ts';
import { useScratch } from './store/scratch.ts';

const scratch = useScratch();

test('a failure of a run that got stuck half-way goes on with what is left when it is sent again', async () => {
  const thread = await startThread({ path: join(scratch(), 'claims.db'), clock: () => NOON });
  const left = { steps: 2 };
  const send: Send = async (kind, fields) => {
    if (kind === 'failRun' && (left.steps -= 1) < 0) throw new StoreUnavailable('The power is gone.');
    return thread.send(kind, fields);
  };
  const store = storeOf(send, { durability: '', findings: () => [], close: () => thread.close() });
  const keys = Array.from({ length: 1_300 }, (_, index) => `k${index}`);
  for (const key of keys) await store.claims.claim(claimOf(key, { run: 'r' }));
  const fail = { tenant: TENANT, run: 'r', errorCode: 'e', retryable: true, noEffect: false };
  await expect(store.claims.failRun(fail)).rejects.toThrow('The power is gone.');
  left.steps = Infinity;
  expect(await store.claims.failRun(fail)).toMatchObject({ failed: 300 });
  const events = await store.events.recent({ tenant: TENANT, limit: 5_000, type: 'failed' });
  expect(new Set(events.map(({ key }) => key))).toEqual(new Set(keys));
  expect(events).toHaveLength(keys.length);
  await store.close();
});
