import type { AnswerOf, CallName, Reply, Request, RequestOf } from '../shared/requests.ts';
import { apiKeyHandlers } from './api-keys.ts';
import { attempt, unavailable } from './connection.ts';
import { findingsOf, readSettings } from './durability.ts';
import type { Handlers, HandledKind, RequestOptions, RequestTx } from './handlers.ts';
import { eventHandlers } from './events.ts';
import { hookHandlers } from './hooks.ts';
import { listHandlers } from './listing.ts';
import { sweepHandlers } from './sweep.ts';
import { writeEvents } from './event-writer.ts';
import { CLOCK, timeOf } from './time.ts';

const READS_EVENTS: ReadonlySet<CallName> = new Set(['recentEvents', 'countEvents', 'countJobs']);

/** Runs all requests other than those on single keys, one after the other, each in a transaction of its own. */
export function createRequestRunner(options: RequestOptions) {
  const { connection, tenants, buffer, time, disk, clock } = options;
  const handlers: Handlers<HandledKind> = {
    ...apiKeyHandlers(tenants),
    ...eventHandlers(tenants),
    ...hookHandlers(tenants),
    ...listHandlers(tenants),
    ...sweepHandlers(options),
    async check(tx) {
      tx.keepTime();
      await disk.probe(tx);
      const [row] = await tx.query<{ clock: number }>(`SELECT ${CLOCK} AS clock`, [time.parameters()[0]]);
      return { now: tx.now, clock: row?.clock ?? tx.now };
    },
    inspect: async (tx) => findingsOf(await readSettings(tx), clock()),
  };

  /**
   * Writes the events that were added so far, and waits for those of them that another transaction has taken: it has locked
   * what writers lock. It does not wait for later ones, of which there are always more while claims go on.
   */
  async function flush(): Promise<void> {
    const all = buffer.collected;
    while (buffer.written < all)
      await attempt(() => connection.transaction((tx) => writeEvents(tx, buffer, [])));
  }

  async function answer(request: RequestOf<HandledKind>): Promise<Reply> {
    try {
      if ('tenant' in request) await tenants.learn(new Set([request.tenant]), needed(request));
      // A reader must see the events of every answer that was given before it asked.
      if (READS_EVENTS.has(request.kind)) await flush();
      const reply = await attempt(() =>
        connection.transaction(async (tx) => {
          const now = await timeOf(tx, time);
          const keepTime = (): void => {
            time.keep(tx, now);
          };
          const handler = handlers[request.kind] as (
            tx: RequestTx,
            request: RequestOf<HandledKind>,
          ) => Promise<AnswerOf<HandledKind>>;
          return handler({ ...tx, now, keepTime }, request);
        }),
      );
      return { answer: reply };
    } catch (error) {
      disk.failed(error);
      return unavailable(error);
    }
  }

  return {
    flush,
    async run(requests: readonly Request[]): Promise<Reply[]> {
      const replies: Reply[] = [];
      for (const request of requests) replies.push(await answer(request as RequestOf<HandledKind>));
      return replies;
    },
  };
}

function needed(request: RequestOf<HandledKind>): ReadonlySet<string> {
  return new Set(request.kind === 'createApiKey' || request.kind === 'createHook' ? [request.tenant] : []);
}
