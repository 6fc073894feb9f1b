import { join } from 'node:path';
import { createWaiting } from '../src/claims/waiting.ts';
import { steadyClock } from '../src/clock.ts';
import { openSqliteStore } from '../src/store/sqlite/store.ts';
import { claimOf, completeOf, recordOf } from './store/fixture.ts';
import { useScratch } from './store/scratch.ts';

// A program that embeds claims has no server. `dependency-cruiser.mjs` keeps HTTP out of what is imported here.
const scratch = useScratch();

test('a program claims on a file of its own, without a server: one run does the work, the other gets its result', async () => {
  const open = () => openSqliteStore({ path: join(scratch(), 'claims.db'), clock: steadyClock() });
  const store = await open();
  const waiting = createWaiting(store.claims);
  try {
    const first = await store.claims.claim(claimOf('orders:1', { holder: 'first run' }));
    expect(first.outcome).toBe('acquired');

    const second = waiting.claim(claimOf('orders:1', { holder: 'second run' }), 10_000, AbortSignal.any([]));
    const done = completeOf('orders:1', recordOf(first).leaseId, { result: '{"sent":true}' });
    expect(await store.claims.complete(done)).toMatchObject({ outcome: 'done' });
    waiting.changed('acme', 'orders:1');

    expect(await second).toMatchObject({ outcome: 'completed', record: { result: '{"sent":true}' } });
    expect(await store.events.recent({ tenant: 'acme', limit: 10 })).toMatchObject([
      { type: 'duplicate', run: null },
      { type: 'completed' },
      { type: 'claimed' },
    ]);
  } finally {
    waiting.stop();
    await store.close();
  }
});
