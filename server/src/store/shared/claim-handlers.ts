import { claimEvent } from '../../claims/events.ts';
import {
  cancelKey,
  claimKey,
  completeKey,
  extendKey,
  failKey,
  readKey,
  resolveKey,
  type Decision,
} from '../../claims/life.ts';
import { diedUntold, forgetAt, type ClaimRecord } from '../../claims/record.ts';
import { tell, type Details } from './tell.ts';
import type { ClaimRows, Handlers, Tenants, Transaction, LockRows } from './transaction.ts';
import { lockKey } from '../../claims/lock.ts';

type Handled = 'claim' | 'complete' | 'fail' | 'failRun' | 'extend' | 'cancel' | 'resolve' | 'read';

/** The commands on leases: load, decide by the key's life, write what it says. */
export function claimHandlers(tenants: Tenants, table: ClaimRows): Pick<Handlers<Transaction>, Handled> {
  function load(tx: Transaction, tenant: number, key: string): ClaimRecord | undefined {
    const record = table.get(tenant, key);
    if (record !== undefined) {
      if (record.state === 'in_progress') tx.dependsOn(record.expiresAt);
      tx.dependsOn(forgetAt(record));
    }
    return record;
  }

  /** Decides on a key of a tenant that need not be known, writes, and tells of the key's end. */
  function change<Answer>(
    tx: Transaction,
    { tenant: name, key }: { readonly tenant: string; readonly key: string },
    decide: (record: ClaimRecord | undefined) => Decision<Answer>,
    details: Details = {},
  ): Answer {
    const tenant = tenants.find(name);
    const { answer, next } = decide(tenant === undefined ? undefined : load(tx, tenant, key));
    if (tenant !== undefined && next !== undefined) {
      table.put(tenant, key, next);
      if (next.state !== 'in_progress') tell(tx, tenant, key, details.type ?? next.state, next, details);
    }
    return answer;
  }

  return {
    claim(tx, claim) {
      const tenant = tenants.ensure(claim.tenant);
      const before = load(tx, tenant, claim.key);
      const { answer, next } = claimKey(before, claim, tx.moment);
      if (next !== undefined) table.put(tenant, claim.key, next);
      const taken = answer.outcome === 'acquired' && !answer.reentrant;
      const usage = taken ? tx.usage.add(tenant, 'ai') : tx.usage.count(tenant, 'ai');
      if (taken && before !== undefined && diedUntold(before, tx.moment.now)) {
        tell(tx, tenant, claim.key, 'run_died', before);
      }
      const type = claimEvent(claim, answer, before);
      if (type !== undefined) tell(tx, tenant, claim.key, type, answer.record, { run: claim.run });
      return { ...answer, usage };
    },
    complete: (tx, command) => change(tx, command, (record) => completeKey(record, command, tx.moment)),
    fail: (tx, command) => change(tx, command, (record) => failKey(record, command, tx.moment)),
    cancel: (tx, command) =>
      change(tx, command, (record) => cancelKey(record, command, tx.moment), { errorCode: command.reason }),
    extend: (tx, command) => change(tx, command, (record) => extendKey(record, command, tx.moment)),
    resolve: (tx, command) =>
      change(tx, command, (record) => resolveKey(record, command, tx.moment), {
        type: 'resolved',
        by: command.by,
        errorCode: command.reason,
      }),
    failRun(tx, { tenant: name, run, ...command }) {
      const tenant = tenants.find(name);
      let failed = 0;
      for (const key of tenant === undefined ? [] : table.keysOfRun(tenant, run)) {
        const decide = (record: ClaimRecord | undefined) =>
          failKey(record, { ...command, leaseId: record?.leaseId ?? '' }, tx.moment);
        if (change(tx, { tenant: name, key }, decide).outcome === 'done') failed += 1;
      }
      return { outcome: 'done', failed, now: tx.moment.now };
    },
    read(tx, { tenant: name, key }) {
      const tenant = tenants.find(name);
      return readKey(tenant === undefined ? undefined : load(tx, tenant, key), tx.moment.now);
    },
  };
}

/** Check-lock: claims without an end, in a space of keys of their own. */
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
        const details = { run: null, attempt: 1, firstSeenAt: answer.firstSeenAt, errorCode: null, by: null };
        tx.events.push({ tenant, at: tx.moment.now, type, key, ...details });
      }
      return answer;
    },
  };
}
