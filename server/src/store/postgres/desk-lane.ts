import type { AnswerOf, CallName, Reply, Request, RequestOf } from '../shared/requests.ts';
import { apiKeyDesk } from './api-keys.ts';
import { attempt, unavailable } from './attempts.ts';
import { findingsOf, readSettings } from './durability.ts';
import type { Desk, DeskKind, DeskOptions, DeskTx } from './desk.ts';
import { eventDesk } from './events.ts';
import { hookDesk } from './hooks.ts';
import { listDesk } from './listing.ts';
import { sweepDesk } from './sweep.ts';
import { tellAll } from './telling.ts';
import { CLOCK, timeOf } from './time.ts';

const READS_EVENTS: ReadonlySet<CallName> = new Set(['recentEvents', 'countEvents', 'countJobs']);

/** Does what is asked beside single keys, one after the other, each in a transaction of its own. */
export function createDeskLane(options: DeskOptions) {
  const { session, tenants, buffer, time, disk, clock } = options;
  const desk: Desk<DeskKind> = {
    ...apiKeyDesk(tenants),
    ...eventDesk(tenants),
    ...hookDesk(tenants),
    ...listDesk(tenants),
    ...sweepDesk(options),
    async check(tx) {
      tx.keepTime();
      await disk.probe(tx);
      const [row] = await tx.query<{ clock: number }>(`SELECT ${CLOCK} AS clock`, [time.parameters()[0]]);
      return { now: tx.now, clock: row?.clock ?? tx.now };
    },
    inspect: async (tx) => findingsOf(await readSettings(tx), clock()),
  };

  /** Writes what is held. */
  async function flush(): Promise<void> {
    while (buffer.size > 0) await attempt(() => session.transaction((tx) => tellAll(tx, buffer, [])));
  }

  async function answer(request: RequestOf<DeskKind>): Promise<Reply> {
    try {
      if ('tenant' in request) await tenants.learn(new Set([request.tenant]), needed(request));
      // A reader of events sees those of every answer that was given before it asked.
      if (READS_EVENTS.has(request.kind)) await flush();
      const reply = await attempt(() =>
        session.transaction(async (tx) => {
          const now = await timeOf(tx, time);
          const keepTime = (): void => {
            time.keep(tx, now);
          };
          const handler = desk[request.kind] as (
            tx: DeskTx,
            request: RequestOf<DeskKind>,
          ) => Promise<AnswerOf<DeskKind>>;
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
      for (const request of requests) replies.push(await answer(request as RequestOf<DeskKind>));
      return replies;
    },
  };
}

function needed(request: RequestOf<DeskKind>): ReadonlySet<string> {
  return new Set(request.kind === 'createApiKey' || request.kind === 'createHook' ? [request.tenant] : []);
}
