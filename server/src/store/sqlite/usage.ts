import type { DatabaseSync } from 'node:sqlite';
import { monthNumber } from '../shared/time.ts';
import type { UsageCounters, UsageKind } from '../shared/transaction.ts';

const KINDS = { ai: 0, make: 1 } as const;

/** Counters are read on first use, increased in memory, and written by `write`. */
interface FileCounters extends UsageCounters {
  write(): void;
}

export function prepareUsage(db: DatabaseSync): (now: number) => FileCounters {
  const select = db.prepare('SELECT count FROM usage WHERE tenant = ? AND month = ? AND kind = ?');
  const put = db.prepare('INSERT OR REPLACE INTO usage (tenant, month, kind, count) VALUES (?, ?, ?, ?)');

  return (now) => {
    const month = monthNumber(now);
    const counters = new Map<number, { tenant: number; kind: UsageKind; count: number; changed: boolean }>();

    function counter(tenant: number, kind: UsageKind) {
      const id = tenant * 2 + KINDS[kind];
      let found = counters.get(id);
      if (found === undefined) {
        const count = (select.get(tenant, month, KINDS[kind])?.['count'] as number | undefined) ?? 0;
        found = { tenant, kind, count, changed: false };
        counters.set(id, found);
      }
      return found;
    }

    return {
      add(tenant, kind) {
        const found = counter(tenant, kind);
        found.changed = true;
        return (found.count += 1);
      },
      count: (tenant, kind) => counter(tenant, kind).count,
      write() {
        for (const { tenant, kind, count, changed } of counters.values()) {
          if (changed) put.run(tenant, month, KINDS[kind], count);
        }
      },
    };
  };
}
