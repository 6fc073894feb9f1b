import type { FinishOutcome } from '../../src/claims/commands.ts';
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

/** The rows of the life table about the ends of a claim, in their order. */
export function finishing(open: OpenStore): void {
  const fixture = useStore(open);
  const claims = () => fixture.store.claims;
  const extend = (key: string, leaseId: string, ttlSeconds: number | null = null) =>
    claims().extend({ tenant: TENANT, key, leaseId, ttlSeconds });
  const cancel = (key: string, leaseId: string) =>
    claims().cancel({ tenant: TENANT, key, leaseId, reason: null });

  it('completes, also past the lease as long as nobody took over', async () => {
    const first = await acquire(fixture, 'k');
    fixture.step(2 * HOUR_MS);
    const done = await claims().complete(completeOf('k', first.leaseId, { result: '1' }));
    expect(done).toMatchObject({ outcome: 'done', now: fixture.now() });
    expect(await readRecord(fixture, 'k')).toEqual({
      ...first,
      state: 'completed',
      result: '1',
      version: 2,
      doneAt: fixture.now(),
    });
  });

  it.each([true, false])('lets a completion overtake its own failure (retryable: %s)', async (retryable) => {
    const { leaseId } = await acquire(fixture, 'k');
    await claims().fail(failOf('k', leaseId, { retryable }));
    fixture.step(1);
    await claims().complete(completeOf('k', leaseId, { result: '1' }));
    expect(await readRecord(fixture, 'k')).toMatchObject({
      state: 'completed',
      result: '1',
      errorCode: null,
      retryable: false,
      doneAt: fixture.now(),
      version: 3,
    });
  });

  it('refuses a completion that comes after its failure was claimed again', async () => {
    const { leaseId } = await acquire(fixture, 'k');
    await claims().fail(failOf('k', leaseId, { retryable: true }));
    await acquire(fixture, 'k');
    expect(await claims().complete(completeOf('k', leaseId))).toMatchObject({ outcome: 'lease_lost' });
    expect(await readRecord(fixture, 'k')).toMatchObject({ state: 'in_progress', version: 3 });
  });

  it('fails, also past the lease; without effect, for a new idempotency key', async () => {
    const { leaseId } = await acquire(fixture, 'k');
    fixture.step(2 * HOUR_MS);
    await claims().fail(failOf('k', leaseId, { retryable: true, noEffect: true }));
    expect(await readRecord(fixture, 'k')).toMatchObject({
      state: 'failed',
      errorCode: 'boom',
      retryable: true,
      epoch: 1,
      doneAt: fixture.now(),
    });
    expect(await acquire(fixture, 'k')).toMatchObject({ epoch: 1 });
  });

  it('extends by the ttl given or the last one, also past the lease and under block', async () => {
    const first = await acquire(fixture, 'k', { onExpired: 'block' });
    fixture.step(2 * HOUR_MS);
    const expiresAt = fixture.now() + 60_000;
    expect(await extend('k', first.leaseId, 60)).toMatchObject({
      outcome: 'done',
      record: { ...first, ttlSeconds: 60, expiresAt, version: 2 },
    });
    fixture.step(1);
    expect(await extend('k', first.leaseId)).toMatchObject({
      record: { expiresAt: expiresAt + 1, version: 3 },
    });
  });

  it('releases: a tombstone that nobody reads, whose attempts count anew', async () => {
    const first = await acquire(fixture, 'k', { maxAttempts: 1 });
    expect(await cancel('k', first.leaseId)).toMatchObject({
      outcome: 'done',
      record: { state: 'released' },
    });
    expect(await claims().read({ tenant: TENANT, key: 'k' })).toEqual({ outcome: 'not_found' });
    const second = await acquire(fixture, 'k');
    expect(second).toMatchObject({ attempt: 2, attemptsReleased: 1, version: 3 });
    expect(second.fence).toBeGreaterThan(first.fence);
  });

  it('gives the stored answer to the same end again, and the first stands', async () => {
    const one = await acquire(fixture, 'complete');
    await claims().complete(completeOf('complete', one.leaseId, { result: '"first"' }));
    const two = await acquire(fixture, 'fail');
    await claims().fail(failOf('fail', two.leaseId, { errorCode: 'first', noEffect: true }));
    const three = await acquire(fixture, 'cancel');
    const released = await cancel('cancel', three.leaseId);
    fixture.step(1);
    expect(
      await claims().complete(completeOf('complete', one.leaseId, { result: '"second"' })),
    ).toMatchObject({ outcome: 'done', record: { result: '"first"', version: 2 } });
    expect(
      await claims().fail(failOf('fail', two.leaseId, { errorCode: 'second', noEffect: true })),
    ).toMatchObject({ outcome: 'done', record: { errorCode: 'first', epoch: 1, version: 2 } });
    expect(await cancel('cancel', three.leaseId)).toEqual({ ...released, now: fixture.now() });
  });

  it('fails an empty result where asked to, and a fuller one completes after all', async () => {
    const { leaseId } = await acquire(fixture, 'k');
    const empty = completeOf('k', leaseId, { result: '""', rejectEmpty: true, resultEmpty: true });
    const rejected = {
      state: 'failed',
      errorCode: 'empty_output',
      retryable: true,
      rejectedEmpty: true,
      result: null,
      version: 2,
    };
    expect(await claims().complete(empty)).toMatchObject({ outcome: 'done', record: rejected });
    expect(await claims().complete(empty)).toMatchObject({ outcome: 'done', record: rejected });
    expect(await claims().fail(failOf('k', leaseId))).toMatchObject({ record: rejected });
    await claims().complete(completeOf('k', leaseId, { result: '"x"', rejectEmpty: true }));
    expect(await claims().complete(empty)).toMatchObject({
      record: { state: 'completed', result: '"x"', rejectedEmpty: false, version: 3 },
    });
  });

  it('refuses another end of a finished key', async () => {
    const done = await acquire(fixture, 'completed');
    await claims().complete(completeOf('completed', done.leaseId));
    const failed = await acquire(fixture, 'failed');
    await claims().fail(failOf('failed', failed.leaseId));
    const refused = (state: string) => ({ outcome: 'already_finished', state });
    expect(await claims().fail(failOf('completed', done.leaseId))).toEqual(refused('completed'));
    expect(await cancel('completed', done.leaseId)).toEqual(refused('completed'));
    expect(await extend('completed', done.leaseId)).toEqual(refused('completed'));
    expect(await cancel('failed', failed.leaseId)).toEqual(refused('failed'));
    expect(await extend('failed', failed.leaseId)).toEqual(refused('failed'));
  });

  it('refuses a lease that is not the current one, and finds no record where there is none', async () => {
    const { leaseId } = await acquire(fixture, 'released');
    await cancel('released', leaseId);
    const current = await acquire(fixture, 'k');
    const each = (key: string, lease: string): Promise<readonly FinishOutcome[]> =>
      Promise.all([
        claims().complete(completeOf(key, lease)),
        claims().fail(failOf(key, lease)),
        extend(key, lease),
        cancel(key, lease),
      ]);
    expect(await each('k', leaseId)).toEqual(Array(4).fill({ outcome: 'lease_lost', state: 'in_progress' }));
    expect(await readRecord(fixture, 'k')).toEqual(current);
    expect((await each('released', leaseId)).slice(0, 3)).toEqual(
      Array(3).fill({ outcome: 'lease_lost', state: 'released' }),
    );
    expect(await each('none', leaseId)).toEqual(Array(4).fill({ outcome: 'not_found' }));
    expect(await claims().read({ tenant: TENANT, key: 'none' })).toEqual({ outcome: 'not_found' });
  });

  it('fails all that a run still holds, expired leases too, and nothing else', async () => {
    for (const key of ['a', 'b', 'done']) await acquire(fixture, key, { run: 'r', ttlSeconds: 60 });
    const done = await readRecord(fixture, 'done');
    await claims().complete(completeOf('done', done.leaseId));
    await acquire(fixture, 'other run', { run: 'q' });
    await acquire(fixture, 'a', { tenant: 'other', run: 'r' });
    fixture.step(60_000);
    await claims().claim(claimOf('b', { holder: 'h', run: 'q' }));
    const fail = { tenant: TENANT, run: 'r', errorCode: 'crashed', retryable: true, noEffect: true };
    expect(await claims().failRun(fail)).toEqual({ outcome: 'done', failed: 1, now: fixture.now() });
    expect(await claims().failRun(fail)).toMatchObject({ failed: 0 });
    expect(await readRecord(fixture, 'a')).toMatchObject({
      state: 'failed',
      errorCode: 'crashed',
      retryable: true,
      epoch: 1,
    });
    for (const key of ['b', 'other run']) {
      expect(await readRecord(fixture, key)).toMatchObject({ state: 'in_progress' });
    }
    expect(await readRecord(fixture, 'a', 'other')).toMatchObject({ state: 'in_progress' });
    expect(await claims().failRun({ ...fail, tenant: 'nobody' })).toMatchObject({ failed: 0 });
  });

  it('fails all that a run holds step by step, so that others are served in between', async () => {
    const keys = Array.from({ length: 1_700 }, (_, index) => `k${index}`);
    for (let at = 0; at < keys.length; at += 500) {
      await Promise.all(keys.slice(at, at + 500).map((key) => acquire(fixture, key, { run: 'r' })));
    }
    const fail = { tenant: TENANT, run: 'r', errorCode: 'died', retryable: true, noEffect: false };
    const failing = claims().failRun(fail);
    const state = { isOver: false };
    const over = failing.finally(() => (state.isOver = true));
    let served = 0;
    for (; !state.isOver; served += 1) await acquire(fixture, `other ${served}`, { tenant: 'other' });
    await over;
    expect(served).toBeGreaterThanOrEqual(4);
    expect(await failing).toEqual({ outcome: 'done', failed: keys.length, now: fixture.now() });
    expect(await claims().failRun(fail)).toMatchObject({ failed: 0 });
  });

  it('fails what two ask for at once, and each answers only once the run holds nothing more', async () => {
    const keys = Array.from({ length: 1_100 }, (_, index) => `k${index}`);
    await Promise.all(keys.map((key) => acquire(fixture, key, { run: 'r' })));
    const fail = { tenant: TENANT, run: 'r', errorCode: 'died', retryable: true, noEffect: false };
    const held = async (): Promise<number> => {
      const reads = await Promise.all(keys.map((key) => readRecord(fixture, key)));
      return reads.filter(({ state }) => state === 'in_progress').length;
    };
    const ends = await Promise.all(
      [fail, fail, fail].map(async (each) => ({ ...(await claims().failRun(each)), left: await held() })),
    );
    expect(ends.map(({ left }) => left)).toEqual([0, 0, 0]);
    expect(ends.reduce((sum, { failed }) => sum + failed, 0)).toBe(keys.length);
  });
}
