import { lockKey } from '../../claims/lock.ts';
import type { Handlers, LockRows, Tenants, Transaction } from './transaction.ts';

/** Check-lock: claims without an end, in a space of keys of their own. */
export function lockHandlers(tenants: Tenants, table: LockRows): Pick<Handlers<Transaction>, 'lock'> {
  return {
    lock(tx, command) {
      const { key } = command;
      const tenant = tenants.ensure(command.tenant);
      const before = table.get(tenant, key);
      if (before !== undefined) tx.saw(before.expiresAt);
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
