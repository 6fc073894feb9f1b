import { createGroupQueue, type GroupQueue } from '../shared/group-queue.ts';
import type { AnswerOf, Request, RequestOf } from '../shared/requests.ts';
import type { StoreMetrics } from '../store.ts';
import { runBatch, type KeyKind, type KeyRequest } from './batches.ts';
import { TIMEOUT_MS } from './connection.ts';
import type { Transactions } from './run-transaction.ts';

/** Does a command on a single key. */
export type SendCommand = <K extends KeyKind>(
  kind: K,
  fields: Omit<RequestOf<K>, 'kind'>,
) => Promise<AnswerOf<K>>;

/** How much one batch does, so that Redis is never busy for long. */
const BATCH_UNITS = 100;
/** Redis works on some batches while this server makes the next. */
const BATCHES_AHEAD = 2;

export interface TenantQueues {
  readonly send: SendCommand;
  readonly pending: () => number;
  close(): Promise<void>;
}

/**
 * What one tenant asks for at about the same time is one transaction: what arrives while the tenant's batches are at work
 * makes up the next one. No tenant waits for another.
 */
export function createTenantQueues(
  transactions: Transactions,
  metrics: StoreMetrics | undefined,
): TenantQueues {
  // Of the tenants that wait for something now.
  const queues = new Map<string, GroupQueue>();
  const shared = { units: 0 };
  let isClosed = false;

  function queueOf(tenant: string): GroupQueue {
    return createGroupQueue({
      ...{ ahead: BATCHES_AHEAD, batchUnits: BATCH_UNITS, shared, timeoutMs: TIMEOUT_MS },
      async run(requests: readonly Request[]) {
        metrics?.grouped(requests.length);
        const replies = await runBatch(transactions, tenant, requests as readonly KeyRequest[]);
        return () => replies;
      },
    });
  }

  return {
    async send(kind, fields) {
      const { tenant } = fields;
      const queue = queues.get(tenant) ?? queueOf(tenant);
      if (isClosed) await queue.close();
      queues.set(tenant, queue);
      try {
        return await queue.send(kind, fields);
      } finally {
        if (queue.pending() === 0) queues.delete(tenant);
      }
    },
    pending: () => [...queues.values()].reduce((sum, queue) => sum + queue.pending(), 0),
    async close() {
      isClosed = true;
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}
