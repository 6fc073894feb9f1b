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
  recordOf,
} from './fixture.ts';

/** The rows of the life table about claims, in their order. */
export function claiming(open: OpenStore): void {
  const fixture = useStore(open);
  const claims = () => fixture.store.claims;

  it('refuses another fingerprint, running or finished, and changes nothing', async () => {
    const { leaseId } = await acquire(fixture, 'k', { fingerprint: 'one', holder: 'h' });
    const before = await readRecord(fixture, 'k');
    for (const holder of ['h', 'other']) {
      const claimed = await claims().claim(claimOf('k', { fingerprint: 'two', holder }));
      expect(claimed).toMatchObject({ outcome: 'fingerprint_mismatch', record: before });
    }
    await claims().complete(completeOf('k', leaseId));
    expect(await claims().claim(claimOf('k', { fingerprint: 'two' }))).toMatchObject({
      outcome: 'fingerprint_mismatch',
    });
    expect(await claims().claim(claimOf('k'))).toMatchObject({ outcome: 'completed' });
  });

  it('keeps the first fingerprint at a takeover, and takes one where none was', async () => {
    await acquire(fixture, 'k');
    fixture.step(HOUR_MS);
    expect(await acquire(fixture, 'k', { fingerprint: 'first' })).toMatchObject({ fingerprint: 'first' });
    fixture.step(HOUR_MS);
    expect(await acquire(fixture, 'k')).toMatchObject({ fingerprint: 'first' });
  });

  it('takes the right fingerprint once the key with a wrong one was released, by a person or its own run', async () => {
    await acquire(fixture, 'k', { fingerprint: 'wrong' });
    const word = { to: 'released', result: null, retryable: false, reason: null, by: 'key_op' } as const;
    await claims().resolve({ tenant: TENANT, key: 'k', version: 1, ...word });
    const right = await acquire(fixture, 'k', { fingerprint: 'right' });
    expect(right).toMatchObject({ fingerprint: 'right', attempt: 2 });
    expect(await claims().claim(claimOf('k', { fingerprint: 'wrong' }))).toMatchObject({
      outcome: 'fingerprint_mismatch',
    });
    await claims().cancel({ tenant: TENANT, key: 'k', leaseId: right.leaseId, reason: null });
    expect(await acquire(fixture, 'k')).toMatchObject({ fingerprint: null });
  });

  it('gives a holder its own lease again, and charges nothing for it', async () => {
    const first = await acquire(fixture, 'k', { holder: 'h' });
    fixture.step(1_000);
    const again = await claims().claim(claimOf('k', { holder: 'h', ttlSeconds: 60 }));
    expect(again).toMatchObject({ outcome: 'acquired', reentrant: true, record: first, usage: 1 });
  });

  it('renews the expired lease of its holder, even under block', async () => {
    const first = await acquire(fixture, 'k', { holder: 'h', onExpired: 'block' });
    fixture.step(HOUR_MS);
    const again = await claims().claim(claimOf('k', { holder: 'h', ttlSeconds: 60 }));
    const expiresAt = fixture.now() + 60_000;
    expect(again).toMatchObject({ outcome: 'acquired', reentrant: true, usage: 1 });
    expect(recordOf(again)).toEqual({ ...first, ttlSeconds: 60, expiresAt, version: 2 });
  });

  it('tells another holder, or none, that the key is in progress', async () => {
    const first = await acquire(fixture, 'k');
    fixture.step(HOUR_MS - 1);
    for (const holder of [null, 'other']) {
      const claimed = await claims().claim(claimOf('k', { holder }));
      expect(claimed).toMatchObject({ outcome: 'in_progress', record: first, now: fixture.now() });
    }
  });

  it('answers completed with the result', async () => {
    const { leaseId } = await acquire(fixture, 'k');
    await claims().complete(completeOf('k', leaseId, { result: '{"id":7}', resultHash: 'h7' }));
    const claimed = await claims().claim(claimOf('k', { holder: 'h' }));
    expect(claimed).toMatchObject({
      outcome: 'completed',
      record: { result: '{"id":7}', resultHash: 'h7', doneAt: fixture.now() },
    });
  });

  it('answers failed where the failure may not be tried again', async () => {
    const { leaseId } = await acquire(fixture, 'k');
    await claims().fail(failOf('k', leaseId, { errorCode: 'no_such_card' }));
    expect(await claims().claim(claimOf('k'))).toMatchObject({
      outcome: 'failed',
      record: { errorCode: 'no_such_card', retryable: false },
    });
  });

  it.each([
    ['the record says', 'block', null],
    ['the record says, against the claim', 'block', 'retry'],
    ['the claim says', null, 'block'],
  ] as const)('is unresolved after expiry where %s block, and stays so', async (_, stored, given) => {
    const { leaseId } = await acquire(fixture, 'k', { onExpired: stored });
    fixture.step(HOUR_MS);
    expect(await claims().claim(claimOf('k', { onExpired: given }))).toMatchObject({
      outcome: 'unresolved',
      record: { state: 'in_progress', onExpired: 'block', version: stored === 'block' ? 1 : 2 },
    });
    expect(await claims().claim(claimOf('k', { onExpired: 'retry', maxAttempts: 1 }))).toMatchObject({
      outcome: 'unresolved',
      record: { maxAttempts: null },
    });
    expect(await claims().complete(completeOf('k', leaseId))).toMatchObject({ outcome: 'done' });
  });

  it('is exhausted after max_attempts, by failures and by expiries, until released', async () => {
    const { leaseId } = await acquire(fixture, 'k', { maxAttempts: 2 });
    await claims().fail(failOf('k', leaseId, { errorCode: 'first', retryable: true }));
    await acquire(fixture, 'k', { maxAttempts: null });
    fixture.step(HOUR_MS);
    const exhausted = await claims().claim(claimOf('k'));
    expect(exhausted).toMatchObject({ outcome: 'exhausted', record: { attempt: 2, errorCode: null } });
    const { version } = recordOf(exhausted);
    await claims().resolve({ ...PERSON, tenant: 'acme', key: 'k', version, to: 'released' });
    expect(await acquire(fixture, 'k')).toMatchObject({ attempt: 3, attemptsReleased: 2, maxAttempts: 2 });
  });

  it('goes by the latest max_attempts given, and stores it with the refusal too', async () => {
    const { leaseId } = await acquire(fixture, 'k', { maxAttempts: 5 });
    await claims().fail(failOf('k', leaseId, { errorCode: 'e', retryable: true }));
    expect(await claims().claim(claimOf('k', { maxAttempts: 1 }))).toMatchObject({
      outcome: 'exhausted',
      record: { maxAttempts: 1, errorCode: 'e', version: 3 },
    });
    expect(await claims().claim(claimOf('k', { maxAttempts: 1 }))).toMatchObject({
      outcome: 'exhausted',
      record: { version: 3 },
    });
    expect(await claims().claim(claimOf('k'))).toMatchObject({ outcome: 'exhausted' });
    expect(await acquire(fixture, 'k', { maxAttempts: 2 })).toMatchObject({ attempt: 2, maxAttempts: 2 });
  });

  it('acquires a key that has no record', async () => {
    const now = fixture.now();
    const record = await acquire(fixture, 'k', { holder: 'h', run: 'r', metadata: '{"a":1}', origin: '{}' });
    expect(record).toEqual({
      state: 'in_progress',
      leaseId: expect.any(String) as string,
      holder: 'h',
      run: 'r',
      attempt: 1,
      attemptsReleased: 0,
      version: 1,
      fence: expect.any(Number) as number,
      epoch: 0,
      ttlSeconds: 3_600,
      retentionSeconds: 7 * 86_400,
      onExpired: 'retry',
      maxAttempts: null,
      fingerprint: null,
      group: null,
      sequence: null,
      metadata: '{"a":1}',
      origin: '{}',
      firstSeenAt: now,
      claimedAt: now,
      expiresAt: now + HOUR_MS,
      doneAt: null,
      result: null,
      resultHash: null,
      errorCode: null,
      retryable: false,
      deathReported: false,
      rejectedEmpty: false,
    });
    expect(await readRecord(fixture, 'k')).toEqual(record);
  });

  it('takes over after expiry: a new lease and fence, the old lease dead', async () => {
    const first = await acquire(fixture, 'k', { holder: 'h1', run: 'r1', metadata: '{}', origin: '{}' });
    fixture.step(HOUR_MS);
    const second = await acquire(fixture, 'k', { holder: 'h2', retentionSeconds: 60 });
    expect(second).toMatchObject({
      holder: 'h2',
      run: null,
      attempt: 2,
      version: 2,
      metadata: '{}',
      origin: null,
      firstSeenAt: first.firstSeenAt,
      claimedAt: fixture.now(),
      retentionSeconds: 60,
    });
    expect(second.leaseId).not.toBe(first.leaseId);
    expect(second.fence).toBeGreaterThan(first.fence);
    expect(await claims().complete(completeOf('k', first.leaseId))).toEqual({
      outcome: 'lease_lost',
      state: 'in_progress',
    });
    expect(await claims().claim(claimOf('k', { holder: 'h1' }))).toMatchObject({ outcome: 'in_progress' });
  });

  it('claims again after a failure that may be tried again, clearing its error and its block', async () => {
    const { leaseId } = await acquire(fixture, 'k', { onExpired: 'block' });
    await claims().fail(failOf('k', leaseId, { retryable: true }));
    expect(await acquire(fixture, 'k')).toMatchObject({
      attempt: 2,
      errorCode: null,
      retryable: false,
      doneAt: null,
      onExpired: 'retry',
    });
  });
}

const PERSON = { result: null, retryable: false, reason: null, by: 'key_1' } as const;
