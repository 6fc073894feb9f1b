import { claimEvent } from '../../claims/events.ts';
import {
  cancelKey,
  claimKey,
  completeKey,
  extendKey,
  failKey,
  groupOf,
  readKey,
  resolveKey,
  type Decision,
} from '../../claims/life.ts';
import { clearMark, type GroupRecord } from '../../claims/group.ts';
import { hasUnreportedDeath, forgetAt, type ClaimRecord } from '../../claims/record.ts';
import { recordEvent, type Details } from './record-event.ts';
import type { ClaimRows, GroupRows, Handlers, Tenants, Transaction, LockRows } from './transaction.ts';
import { lockKey } from '../../claims/lock.ts';

/** The kinds of requests that are about the keys of one tenant and are answered in batches. */
export const KEY_KINDS = [
  'claim',
  'lock',
  'complete',
  'fail',
  'failRun',
  'extend',
  'cancel',
  'resolve',
  'read',
  'clearMark',
] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** The handlers of claims. They load the record and its group, let `life.ts` decide, and write the decision. */
export function claimHandlers(
  tenants: Tenants,
  table: ClaimRows,
  groups: GroupRows,
): Pick<Handlers<Transaction>, Exclude<KeyKind, 'lock'>> {
  function load(tx: Transaction, tenant: number, key: string): ClaimRecord | undefined {
    const record = table.get(tenant, key);
    if (record !== undefined) {
      if (record.state === 'in_progress') tx.dependsOn(record.expiresAt);
      tx.dependsOn(forgetAt(record));
    }
    return record;
  }

  function loadGroup(tx: Transaction, tenant: number, name: string | null): GroupRecord | undefined {
    const group = name === null ? undefined : groups.get(tenant, name);
    if (group !== undefined) {
      if (group.end !== null) tx.dependsOn(group.end);
      tx.dependsOn(group.until);
    }
    return group;
  }

  function write(
    tenant: number,
    key: string,
    group: string | null,
    { next, nextGroup }: Decision<unknown>,
  ): void {
    if (next !== undefined) table.put(tenant, key, next);
    if (nextGroup !== undefined && group !== null) groups.put(tenant, group, nextGroup);
  }

  /** Decides about a key, whose tenant may be unknown, writes the decision, and records an event if the key ended. */
  function change<Answer>(
    tx: Transaction,
    { tenant: name, key }: { readonly tenant: string; readonly key: string },
    decide: (record: ClaimRecord | undefined, group: GroupRecord | undefined) => Decision<Answer>,
    details: Details = {},
  ): Answer {
    const tenant = tenants.find(name);
    if (tenant === undefined) return decide(undefined, undefined).answer;
    const record = load(tx, tenant, key);
    const group = groupOf(record, null, tx.moment.now);
    const decision = decide(record, loadGroup(tx, tenant, group));
    write(tenant, key, group, decision);
    const { answer, next } = decision;
    if (next !== undefined && next.state !== 'in_progress') {
      recordEvent(tx, tenant, key, details.type ?? next.state, next, details);
    }
    return answer;
  }

  return {
    claim(tx, claim) {
      const tenant = tenants.ensure(claim.tenant);
      const before = load(tx, tenant, claim.key);
      const group = groupOf(before, claim, tx.moment.now);
      const decision = claimKey(before, claim, tx.moment, loadGroup(tx, tenant, group));
      write(tenant, claim.key, group, decision);
      const { answer } = decision;
      const taken = answer.outcome === 'acquired' && !answer.reentrant;
      const usage = taken ? tx.usage.add(tenant, 'ai') : tx.usage.count(tenant, 'ai');
      if (taken && before !== undefined && hasUnreportedDeath(before, tx.moment.now)) {
        recordEvent(tx, tenant, claim.key, 'run_died', before);
      }
      const type = claimEvent(claim, answer, before);
      const record = 'record' in answer ? answer.record : (before ?? unseen(tx.moment.now));
      const { run, origin = null } = claim;
      if (type !== undefined) recordEvent(tx, tenant, claim.key, type, record, { run, origin });
      return { ...answer, usage };
    },
    complete: (tx, command) =>
      change(tx, command, (record, group) => completeKey(record, command, tx.moment, group)),
    fail: (tx, command) => change(tx, command, (record, group) => failKey(record, command, tx.moment, group)),
    cancel: (tx, command) =>
      change(tx, command, (record, group) => cancelKey(record, command, tx.moment, group), {
        errorCode: command.reason,
      }),
    extend: (tx, command) =>
      change(tx, command, (record, group) => extendKey(record, command, tx.moment, group)),
    resolve: (tx, command) =>
      change(tx, command, (record, group) => resolveKey(record, command, tx.moment, group), {
        type: 'resolved',
        by: command.by,
        errorCode: command.reason,
      }),
    failRun(tx, { tenant: name, run, after, limit, ...command }) {
      const tenant = tenants.find(name);
      const keys = tenant === undefined ? [] : table.keysOfRun(tenant, run, after, limit);
      let failed = 0;
      for (const key of keys) {
        const held = tenant === undefined ? undefined : table.get(tenant, key);
        // Another request of the same transaction may have ended it.
        if (held?.run !== run || held.state !== 'in_progress') continue;
        const decide = (record: ClaimRecord | undefined, group: GroupRecord | undefined) =>
          failKey(record, { ...command, key, leaseId: held.leaseId }, tx.moment, group);
        if (change(tx, { tenant: name, key }, decide).outcome === 'done') failed += 1;
      }
      const next = keys.length < limit ? null : (keys.at(-1) ?? null);
      return { outcome: 'done', failed, next, now: tx.moment.now };
    },
    read(tx, { tenant: name, key }) {
      const tenant = tenants.find(name);
      return readKey(tenant === undefined ? undefined : load(tx, tenant, key), tx.moment.now);
    },
    clearMark(tx, { tenant: name, group }) {
      const tenant = tenants.find(name);
      const stored = tenant === undefined ? undefined : loadGroup(tx, tenant, group);
      const { answer, next } = clearMark(stored, tx.moment.now);
      if (tenant !== undefined && next !== undefined) groups.put(tenant, group, next);
      return answer;
    },
  };
}

/** The values in an event about a key that has no record. */
const unseen = (now: number) => ({ run: null, origin: null, attempt: 1, firstSeenAt: now, errorCode: null });

/** The handler of check-lock. */
export function lockHandlers(tenants: Tenants, table: LockRows): Pick<Handlers<Transaction>, 'lock'> {
  return {
    lock(tx, command) {
      const { key } = command;
      const tenant = tenants.ensure(command.tenant);
      const before = table.get(tenant, key);
      if (before !== undefined) tx.dependsOn(before.expiresAt);
      const { answer, next } = lockKey(before, command, tx.moment);
      if (next !== undefined) {
        table.put(tenant, key, next);
        tx.usage.add(tenant, 'make');
      }
      if (next !== undefined || answer.outcome === 'duplicate') {
        const type = next === undefined ? 'duplicate' : 'claimed';
        const { origin = null } = command;
        const details = {
          run: null,
          origin,
          attempt: 1,
          firstSeenAt: answer.firstSeenAt,
          errorCode: null,
          by: null,
        };
        tx.events.push({ tenant, at: tx.moment.now, type, key, ...details });
      }
      return answer;
    },
  };
}
