import type { DatabaseSync } from 'node:sqlite';
import { prepareApiKeyTable } from './api-key-table.ts';
import { claimHandlers } from './claim-handlers.ts';
import { prepareClaimTable } from './claim-table.ts';
import { createEventBuffer } from './event-buffer.ts';
import { prepareEventTable } from './event-table.ts';
import { listHandlers } from './list-handlers.ts';
import { lockHandlers } from './lock-handlers.ts';
import { prepareLockTable } from './lock-table.ts';
import { otherHandlers } from './other-handlers.ts';
import type { AnswerOf, CallName, Reply, Request, RequestOf } from './requests.ts';
import { prepareTenants } from './tenants.ts';
import { prepareTransactions, type Transaction } from './transaction.ts';

export type Handlers = {
  readonly [K in CallName]: (tx: Transaction, request: RequestOf<K>) => AnswerOf<K>;
};

/** Runs batches on one connection. */
export interface Engine {
  /**
   * One transaction for all; returns after its commit, a reply for each request in order. Where a request fails, the
   * batch is undone and each is run alone, so that it fails nobody but itself.
   */
  run(clockNow: number, requests: readonly Request[]): readonly Reply[];
  /** How many events wait to be written. */
  readonly heldEvents: number;
  flushEvents(): void;
}

export function createEngine(db: DatabaseSync): Engine {
  const tenants = prepareTenants(db);
  const claims = prepareClaimTable(db);
  const locks = prepareLockTable(db);
  const events = prepareEventTable(db);
  const apiKeys = prepareApiKeyTable(db);
  const buffer = createEventBuffer(db, events);
  const open = prepareTransactions(db);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const handlers: Handlers = {
    ...claimHandlers(tenants, claims),
    ...lockHandlers(tenants, locks),
    ...listHandlers(tenants, claims),
    ...otherHandlers(tenants, { claims, locks, apiKeys, events }),
  };

  function run(clockNow: number, requests: readonly Request[]): readonly Reply[] {
    // A reader of events sees those of every answer that was given before it asked.
    if (requests.some(readsEvents)) buffer.flush();
    try {
      begin.run();
    } catch (error) {
      return requests.map(() => ({ unavailable: messageOf(error) }));
    }
    try {
      return transact(clockNow, requests);
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      tenants.forget();
      if (requests.length === 1) return [{ unavailable: messageOf(error) }];
      return requests.flatMap((request) => run(clockNow, [request]));
    }
  }

  function transact(clockNow: number, requests: readonly Request[]): readonly Reply[] {
    const tx = open(clockNow);
    const replies = requests.map((request) => ({ answer: handle(handlers, tx, request) }));
    const audited = tx.events.some((event) => event.type === 'resolved');
    if (audited) events.write([...buffer.held(), ...tx.events]);
    tx.finish();
    commit.run();
    if (audited) buffer.clear();
    else buffer.collect(tx.events);
    return replies;
  }

  return {
    run,
    get heldEvents() {
      return buffer.size;
    },
    flushEvents: () => {
      buffer.flush();
    },
  };
}

/** TypeScript cannot see that a request and the handler of its kind belong together. */
function handle(handlers: Handlers, tx: Transaction, request: Request): AnswerOf<CallName> {
  const handler = handlers[request.kind] as (tx: Transaction, request: Request) => AnswerOf<CallName>;
  return handler(tx, request);
}

function readsEvents({ kind }: Request): boolean {
  return kind === 'recentEvents' || kind === 'countEvents';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
