import type { Claim, ClaimAnswer, Complete, Fail, Lock, Of } from '../../src/claims/commands.ts';
import type { ClaimRecord } from '../../src/claims/record.ts';
import type { Store } from '../../src/store/store.ts';
import type { Clock } from '../../src/clock.ts';

export type OpenStore = (clock: Clock) => Promise<Store>;

/** Differences between stores that the contract allows. */
export interface Traits {
  /** Finished records and locks expire without a sweep, which then does not count them. */
  readonly forgetsByItself?: boolean;
}

export const TENANT = 'acme';
export const NOON = Date.parse('2026-11-25T12:00:00.000Z');
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** A store for one test, with a clock that only the test moves. */
export interface Fixture {
  readonly store: Store;
  now(): number;
  /** Moves the clock, backwards if negative. */
  step(milliseconds: number): void;
}

/** Opens a store before each test of the current `describe`, and closes it after. */
export function useStore(open: OpenStore): Fixture {
  let store: Store | undefined;
  let now = NOON;
  beforeEach(async () => {
    now = NOON;
    store = await open(() => now);
  });
  afterEach(() => store?.close());
  return {
    get store() {
      if (store === undefined) throw new Error('The store is opened before each test.');
      return store;
    },
    now: () => now,
    step: (milliseconds) => void (now += milliseconds),
  };
}

export function claimOf(key: string, fields: Partial<Of<Claim>> = {}): Of<Claim> {
  return {
    tenant: TENANT,
    key,
    holder: null,
    run: null,
    ttlSeconds: 3_600,
    retentionSeconds: null,
    onExpired: null,
    maxAttempts: null,
    fingerprint: null,
    group: null,
    sequence: null,
    metadata: null,
    ...fields,
  };
}

export function lockOf(key: string, fields: Partial<Of<Lock>> = {}): Of<Lock> {
  return { tenant: TENANT, key, holder: null, ttlSeconds: 60, metadata: null, ...fields };
}

export function completeOf(key: string, leaseId: string, fields: Partial<Of<Complete>> = {}): Of<Complete> {
  return {
    tenant: TENANT,
    key,
    leaseId,
    result: null,
    resultHash: null,
    rejectEmpty: false,
    resultEmpty: false,
    ...fields,
  };
}

export function failOf(key: string, leaseId: string, fields: Partial<Of<Fail>> = {}): Of<Fail> {
  return {
    tenant: TENANT,
    key,
    leaseId,
    errorCode: 'boom',
    retryable: false,
    noEffect: false,
    ...fields,
  };
}

/** Claims a key, which must succeed, and returns the record. */
export async function acquire(
  { store }: Fixture,
  key: string,
  fields: Partial<Of<Claim>> = {},
): Promise<ClaimRecord> {
  const claimed = await store.claims.claim(claimOf(key, fields));
  expect(claimed).toMatchObject({ outcome: 'acquired', reentrant: false });
  return recordOf(claimed);
}

/** The record in an answer, which must have one. */
export function recordOf(answer: ClaimAnswer): ClaimRecord {
  if (!('record' in answer)) throw new Error(`The claim was answered ${answer.outcome}.`);
  return answer.record;
}

/** The record of a key, which must exist. */
export async function readRecord({ store }: Fixture, key: string, tenant = TENANT): Promise<ClaimRecord> {
  const read = await store.claims.read({ tenant, key });
  if (read.outcome !== 'found') throw new Error(`There is no record of ${key}.`);
  return read.record;
}
