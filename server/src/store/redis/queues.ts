import { createGroupQueue, type GroupQueue } from '../shared/group-queue.ts';
import type { AnswerOf, Request, RequestOf } from '../shared/requests.ts';
import type { StoreMetrics } from '../store.ts';
import type { KeyKind } from '../shared/claim-handlers.ts';
import { runBatch, type KeyRequest } from './batches.ts';
import { TIMEOUT_MS } from './connection.ts';
import type { Transactions } from './run-transaction.ts';

/** Sends a command on a single key. */
export type SendCommand = <K extends Exclude<KeyKind, 'failRun'>>(
  kind: K,
  fields: Omit<RequestOf<K>, 'kind'>,
) => Promise<AnswerOf<K>>;

/** So Redis works on one batch while this server prepares the next. */
const BATCHES_AHEAD = 2;

export interface TenantQueues {
  readonly send: SendCommand;
  readonly pending: () => number;
  close(): Promise<void>;
}

/**
 * Each tenant has its own queue, so that tenants do not wait for each other. Requests that arrive while the batches of their tenant
 * are running make up the next batch, which is one transaction.
 */
export function createTenantQueues(
  transactions: Transactions,
  metrics: StoreMetrics | undefined,
): TenantQueues {
  // Only tenants with open calls have a queue.
  const queues = new Map<string, GroupQueue>();
  const shared = { units: 0 };
  let isClosed = false;

  function queueOf(tenant: string): GroupQueue {
    return createGroupQueue({
      ...{
        ahead: BATCHES_AHEAD,
        batchUnits: () => transactions.recordsAtOnce(tenant),
        shared,
        timeoutMs: TIMEOUT_MS,
      },
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
