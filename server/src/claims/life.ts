/**
 * The key's life: what every command does to a record, as pure functions. A store loads the record, asks here, and
 * writes `next` in the same transaction. A claim, with the ends that time puts to it:
 *
 *     claimedAt            expiresAt                       forgetAt
 *     ├──── in progress ───┼── may be taken over, or ──────┤ no record
 *     │     (lease live)   │   unresolved where `block`    │
 *     └─ completed/failed/released at doneAt ── retention ─┤ no record
 */
export { claimKey } from './life/claim.ts';
export { claimEvent } from './life/claim-event.ts';
export { diedUntold, toldOfDeath } from './life/death.ts';
export { cancelKey, completeKey, extendKey, failKey } from './life/finish.ts';
export { resolveKey } from './life/resolve.ts';
export { readKey } from './life/read.ts';
export { lockKey } from './life/lock.ts';
export type { LockRecord } from './life/lock.ts';
export { exhausted, forgetAt, isExpired, isForgotten, unresolved } from './life/time.ts';
export type { Decision, Moment } from './life/decision.ts';
