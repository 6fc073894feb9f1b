import type { DatabaseSync } from 'node:sqlite';
import { claimHandlers, lockHandlers } from '../shared/claim-handlers.ts';
import type { AnswerOf, CallName, Reply, Request } from '../shared/requests.ts';
import { messageOf } from '../../error-message.ts';
import { halves } from '../shared/halves.ts';
import { SURE_EVENTS } from '../shared/record-event.ts';
import { prepareApiKeyTable } from './api-key-table.ts';
import { prepareClaimTable } from './claim-table.ts';
import { prepareDeaths, timeHandlers } from './time-handlers.ts';
import { prepareDeliveryTable } from './delivery-table.ts';
import { createEventBuffer } from './event-buffer.ts';
import { prepareEventTable } from './event-table.ts';
import { hookHandlers } from './hook-handlers.ts';
import { inspectDatabase } from './inspect.ts';
import { prepareGroupTable } from './group-table.ts';
import { prepareHookTable } from './hook-table.ts';
import { watchFile } from './file.ts';
import { listHandlers, otherHandlers } from './other-handlers.ts';
import { prepareLockTable } from './lock-table.ts';
import { prepareEventWriter } from './event-writer.ts';
import { prepareTenants } from './tenants.ts';
import { prepareTransactions, type FileTransaction, type Handlers, type Opening } from './transaction.ts';

/** Runs batches of requests on one connection. */
export interface Engine {
  /**
   * Runs all requests in one transaction. Returns after its commit, with a reply for each request in order. If a request fails, the
   * transaction is rolled back and the halves are run again, each by itself, so that only the failing one is rejected.
   */
  run(clockNow: number, requests: readonly Request[]): readonly Reply[];
  /** How many events are waiting to be written. */
  readonly heldEvents: number;
  flushEvents(): void;
}

export interface EngineOptions extends Opening {
  /** How long events and deliveries are kept. With 0, which no setting allows, only the events of `SURE_EVENTS` are written. */
  readonly eventDays: number;
}

export function createEngine(db: DatabaseSync, { eventDays, ...opening }: EngineOptions): Engine {
  const path = db.location() ?? '';
  const tenants = prepareTenants(db);
  const claims = prepareClaimTable(db);
  const groups = prepareGroupTable(db);
  const locks = prepareLockTable(db);
  const events = prepareEventTable(db, eventDays);
  const hooks = prepareHookTable(db);
  const deliveries = prepareDeliveryTable(db);
  const apiKeys = prepareApiKeyTable(db);
  const writer = prepareEventWriter({ events, hooks, deliveries });
  const buffer = createEventBuffer(db, writer);
  const reportDeathsIn = prepareDeaths(claims);
  const open = prepareTransactions(db, opening);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const handlers: Handlers = {
    ...claimHandlers(tenants, claims, groups),
    ...lockHandlers(tenants, locks),
    ...listHandlers(tenants, claims),
    ...hookHandlers(tenants, hooks, deliveries, writer),
    ...otherHandlers(tenants, { apiKeys, events, hooks }, watchFile(path)),
    inspect: () => inspectDatabase(db, path),
    ...timeHandlers({ tenants, claims, groups, locks, events, hooks, deliveries, reportDeathsIn, eventDays }),
  };

  function run(clockNow: number, requests: readonly Request[]): readonly Reply[] {
    // A reader must see the events of every answer that was given before it asked.
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
      return halves(requests).flatMap((half) => run(clockNow, half));
    }
  }

  function transact(clockNow: number, requests: readonly Request[]): readonly Reply[] {
    const tx = open(clockNow);
    const replies = requests.map((request) => ({ answer: handle(handlers, tx, request) }));
    const sure = tx.events.some(({ type }) => SURE_EVENTS.has(type));
    if (sure) writer.write([...buffer.held(), ...tx.events]);
    tx.finish();
    commit.run();
    if (sure) buffer.clear();
    else if (eventDays > 0) buffer.collect(tx.events);
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

/** The cast is needed because TypeScript cannot see that the request fits the handler of its kind. */
function handle(handlers: Handlers, tx: FileTransaction, request: Request): AnswerOf<CallName> {
  const handler = handlers[request.kind] as (tx: FileTransaction, request: Request) => AnswerOf<CallName>;
  return handler(tx, request);
}

function readsEvents({ kind }: Request): boolean {
  return kind === 'recentEvents' || kind === 'countEvents' || kind === 'countJobs';
}
