import { StoreUnavailable } from '../claims/claim-store.ts';
import { createFairQueue, type Queued } from '../store/shared/fair-queue.ts';
import type { Store } from '../store/store.ts';

/** A read goes through thousands of rows: beside more of them at a time, claims would wait for long. */
const AT_ONCE = 2;
const WAITING_OF_A_TENANT = 100;

interface Waiting extends Queued {
  begin(): void;
}

/**
 * The same store, of which only two reads of many rows run at a time: lists of keys and of events. Tenants take turns. More
 * reads of one tenant than may wait are refused.
 */
export function limitReads(store: Store): Store {
  const queue = createFairQueue<Waiting>();
  let running = 0;

  function next(): void {
    while (running < AT_ONCE) {
      const waiting = queue.peek();
      if (waiting === undefined) return;
      queue.take();
      running += 1;
      waiting.begin();
    }
  }

  function limited<Query extends { readonly tenant: string }, Answer>(
    read: (query: Query) => Promise<Answer>,
  ): (query: Query) => Promise<Answer> {
    return async (query) => {
      const { tenant } = query;
      if (queue.unitsOf(tenant) >= WAITING_OF_A_TENANT)
        throw new StoreUnavailable('The store has more to read than it can keep up with.');
      await new Promise<void>((begin) => {
        queue.add({ tenant, units: 1, begin });
        next();
      });
      try {
        return await read(query);
      } finally {
        running -= 1;
        next();
      }
    };
  }

  const { claims, events } = store;
  return {
    ...store,
    claims: { ...claims, list: limited((query) => claims.list(query)) },
    events: {
      ...events,
      recent: limited((query) => events.recent(query)),
      jobs: limited((query) => events.jobs(query)),
    },
  };
}
