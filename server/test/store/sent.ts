import type { ClaimStore } from '../../src/claims/claim-store.ts';
import type { ActOf, FinishAct } from './acts.ts';
import { completeOf, failOf } from './fixture.ts';

/** Ends or prolongs a lease, as the act says. */
export function sendFinish(store: ClaimStore, tenant: string, act: FinishAct, leaseId: string) {
  const { key } = act;
  switch (act.do) {
    case 'complete': {
      const { result, rejectEmpty } = act;
      const resultEmpty = result === '""';
      return store.complete(completeOf(key, leaseId, { tenant, result, rejectEmpty, resultEmpty }));
    }
    case 'fail': {
      const { errorCode, retryable, noEffect } = act;
      return store.fail(failOf(key, leaseId, { tenant, errorCode, retryable, noEffect }));
    }
    case 'extend':
      return store.extend({ tenant, key, leaseId, ttlSeconds: act.ttlSeconds });
    case 'cancel':
      return store.cancel({ tenant, key, leaseId, reason: null });
  }
}

/** What the act claims with. */
export function claimFields({ holder, run, ttlSeconds, retentionSeconds, ...rest }: ActOf<'claim'>) {
  const { onExpired, maxAttempts, fingerprint, metadata, origin, place } = rest;
  const [group, sequence] = place;
  return {
    holder,
    run,
    ttlSeconds,
    retentionSeconds,
    onExpired,
    maxAttempts,
    fingerprint,
    group,
    sequence,
    metadata,
    origin,
  };
}
