import type { Of, Resolve } from '../../src/claims/commands.ts';
import {
  acquire,
  claimOf,
  completeOf,
  failOf,
  HOUR_MS,
  readRecord,
  TENANT,
  useStore,
  type OpenStore,
} from './fixture.ts';

/** A person's word on a key. */
export function resolving(open: OpenStore): void {
  const fixture = useStore(open);
  const claims = () => fixture.store.claims;
  const resolve = (key: string, version: number, fields: Partial<Of<Resolve>>) =>
    claims().resolve({
      tenant: TENANT,
      key,
      version,
      to: 'completed',
      result: null,
      retryable: false,
      reason: null,
      by: 'key_1',
      ...fields,
    });

  it('ends an unresolved key, and the lease in hand with it', async () => {
    const { leaseId } = await acquire(fixture, 'k', { onExpired: 'block' });
    fixture.step(HOUR_MS);
    expect(await resolve('k', 1, { result: '{"by":"hand"}' })).toMatchObject({ outcome: 'done' });
    expect(await readRecord(fixture, 'k')).toMatchObject({
      state: 'completed',
      result: '{"by":"hand"}',
      doneAt: fixture.now(),
      version: 2,
    });
    expect(await claims().complete(completeOf('k', leaseId))).toMatchObject({ outcome: 'lease_lost' });
  });

  it('fails a key, for its reason or without one', async () => {
    await acquire(fixture, 'k');
    await resolve('k', 1, { to: 'failed', reason: 'card stolen' });
    expect(await claims().claim(claimOf('k'))).toMatchObject({
      outcome: 'failed',
      record: { errorCode: 'card stolen' },
    });
    await resolve('k', 2, { to: 'failed', retryable: true });
    expect(await readRecord(fixture, 'k')).toMatchObject({ errorCode: 'failed_by_operator' });
    await acquire(fixture, 'k');
  });

  it('releases a key that was finished', async () => {
    const { leaseId, fence } = await acquire(fixture, 'k');
    await claims().complete(completeOf('k', leaseId, { result: '1', resultHash: 'h' }));
    await resolve('k', 2, { to: 'released' });
    expect(await claims().read({ tenant: TENANT, key: 'k' })).toEqual({ outcome: 'not_found' });
    expect(await resolve('k', 3, { to: 'completed' })).toEqual({ outcome: 'not_found' });
    expect(await claims().cancel({ tenant: TENANT, key: 'k', leaseId, reason: null })).toMatchObject({
      outcome: 'lease_lost',
    });
    const next = await acquire(fixture, 'k');
    expect(next).toMatchObject({ result: null, resultHash: null, version: 4, attempt: 2 });
    expect(next.fence).toBeGreaterThan(fence);
  });

  it('changes nothing where the record is no longer the one that was seen', async () => {
    const { leaseId } = await acquire(fixture, 'k');
    await claims().fail(failOf('k', leaseId, { retryable: true }));
    const current = await acquire(fixture, 'k');
    expect(await resolve('k', 1, {})).toEqual({ outcome: 'changed', version: 3 });
    expect(await readRecord(fixture, 'k')).toEqual(current);
    expect(await resolve('none', 1, {})).toEqual({ outcome: 'not_found' });
  });

  it('counts every change into the version, and nothing else', async () => {
    const { leaseId } = await acquire(fixture, 'k', { holder: 'h' });
    await claims().claim(claimOf('k', { holder: 'h' }));
    await claims().claim(claimOf('k'));
    expect(await readRecord(fixture, 'k')).toMatchObject({ version: 1 });
    await claims().extend({ tenant: TENANT, key: 'k', leaseId, ttlSeconds: null });
    expect(await readRecord(fixture, 'k')).toMatchObject({ version: 2 });
    fixture.step(HOUR_MS);
    await claims().claim(claimOf('k', { onExpired: 'block' }));
    await claims().claim(claimOf('k', { onExpired: 'block' }));
    expect(await readRecord(fixture, 'k')).toMatchObject({ version: 3 });
  });
}
