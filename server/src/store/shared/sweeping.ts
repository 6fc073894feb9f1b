import type { Send } from './group-queue.ts';

/** What is past its time, in the order in which it is swept. */
const SWEPT = ['claims', 'locks', 'events', 'deliveries'] as const;
export type Swept = (typeof SWEPT)[number];

/** One step of a sweep: a transaction of its own, so that claims come in between. */
export interface SweepRequest {
  readonly what: Swept;
  /** Of events the tenant, of deliveries the hook (their numbers) that was looked at last; 0 at the start. */
  readonly after: number;
  readonly limit: number;
}

export interface SweepStep {
  readonly removed: number;
  /** Where to go on; null once all were looked at. */
  readonly next: number | null;
}

/** Removes up to `limit`, step by step, where this server is the one that leads; answers how many. */
export async function sweepAll(send: Send, limit: number): Promise<number> {
  if (!(await send('lead', {}))) return 0;
  // Whatever is forgotten in progress died; one that nobody was told of must not go.
  if ((await send('tellDied', { limit })) === limit) return limit;
  let removed = 0;
  for (const what of SWEPT) {
    let after: number | null = 0;
    while (after !== null && removed < limit) {
      const step: SweepStep = await send('sweep', { what, after, limit: limit - removed });
      removed += step.removed;
      after = step.next;
    }
  }
  return removed;
}
