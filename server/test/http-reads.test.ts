import { StoreUnavailable } from '../src/claims/claim-store.ts';
import { limitReads } from '../src/http/limit-reads.ts';
import type { Store } from '../src/store/store.ts';
import { serve } from './support.ts';

/** A store whose reads end when they are told to. */
function setting() {
  const begun: { readonly of: string; end(): void }[] = [];
  const read = (of: string) => (query: { readonly tenant: string }) =>
    new Promise((resolve) => {
      begun.push({
        of: `${of} of ${query.tenant}`,
        end: () => {
          resolve([]);
        },
      });
    });
  const store = limitReads({
    claims: { list: read('keys') },
    events: { recent: read('events'), jobs: read('jobs') },
  } as unknown as Store);
  return { begun, store, names: () => begun.map(({ of }) => of) };
}

const turn = () => new Promise(setImmediate);

test('two reads at a time, and tenants take turns', async () => {
  const { begun, store, names } = setting();
  const recent = (tenant: string) => store.events.recent({ tenant, limit: 1 });
  const all = [1, 2, 3, 4].map(() => recent('acme'));
  const query = { tenant: 'other', prefix: '', status: null, limit: 1, cursor: null };
  all.push(recent('other'));
  const others = [store.claims.list(query), store.events.jobs({ tenant: 'third', type: 'failed', limit: 1 })];
  await turn();
  expect(names()).toEqual(['events of acme', 'events of acme']);
  for (let ended = 0; ended < 7; ended += 1) {
    begun[ended]?.end();
    await turn();
  }
  expect(names().slice(2)).toEqual([
    'events of acme',
    'events of other',
    'jobs of third',
    'events of acme',
    'keys of other',
  ]);
  await Promise.all([...all, ...others]);
});

test('of one tenant so many reads wait and no more; one that fails lets the next begin', async () => {
  let failing = 0;
  const store = limitReads({
    claims: {},
    events: {
      recent: () => {
        failing += 1;
        return Promise.reject(new StoreUnavailable('It is gone.'));
      },
    },
  } as unknown as Store);
  const ends = await Promise.allSettled(
    Array.from({ length: 150 }, () => store.events.recent({ tenant: 'acme', limit: 1 })),
  );
  const reasons = ends.map((end) => (end.status === 'rejected' ? String(end.reason) : 'fulfilled'));
  expect(failing).toBe(102);
  expect(reasons.filter((reason) => reason.includes('It is gone.'))).toHaveLength(102);
  expect(reasons.filter((reason) => reason.includes('more to read than it can keep up with'))).toHaveLength(
    48,
  );
});

test('a flood of reads by one tenant lets the claims of others through', async () => {
  const server = await serve({ config: { rateLimitPerMinute: 0, hookPrivateAddresses: false } });
  const other = await server.newKey({ tenant: 'other' });
  for (let at = 0; at < 6; at += 1) {
    const items = Array.from({ length: 500 }, (_, index) => ({ key: `k${at}-${index}` }));
    await server.post('/v1/ai/lease/batch', { items });
  }
  const state = { left: 100 };
  const reads = Array.from({ length: state.left }, async () => {
    const { status } = await server.get('/v1/events?job=none');
    state.left -= 1;
    return status;
  });
  let served = 0;
  for (; state.left > 0; served += 1) {
    const claimed = await server.post('/v1/ai/lease', { key: `o${served}` }, { apiKey: other });
    expect(claimed.body.status).toBe('acquired');
  }
  expect(new Set(await Promise.all(reads))).toEqual(new Set([200]));
  expect(served).toBeGreaterThanOrEqual(20);
});
