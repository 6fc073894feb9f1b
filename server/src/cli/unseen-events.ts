import type { ShownEvent } from './output.ts';

/** Finds the events that are new in each poll of the newest events. */
export interface UnseenEvents {
  /** The new events of a poll, oldest first. `isCut`: all are new, so earlier ones may be missing. */
  in(newestFirst: readonly ShownEvent[], limit: number): { fresh: readonly ShownEvent[]; isCut: boolean };
  /** These events count as seen from now on. */
  markSeen(events: readonly ShownEvent[]): void;
}

/** How many seen ids are remembered. Events before those count as seen. */
const REMEMBERED = 5_000;

/**
 * Servers that share a store write their events concurrently, so an event may appear with a lower id than one that was shown
 * before. So the ids themselves are remembered for a while, and not only the highest one.
 */
export function trackUnseen(): UnseenEvents {
  const seen = new Set<string>();
  let floor: number | undefined;

  return {
    in(newestFirst, limit) {
      const least = floor ?? 0;
      const fresh = newestFirst.filter(({ id }) => Number(id) >= least && !seen.has(id)).reverse();
      const isFirst = floor === undefined;
      floor ??= newestFirst.length < limit ? 0 : Number(newestFirst.at(-1)?.id ?? 0);
      return { fresh, isCut: !isFirst && fresh.length === limit };
    },
    markSeen(events) {
      for (const { id } of events) seen.add(id);
      for (const id of seen) {
        if (seen.size <= REMEMBERED) break;
        seen.delete(id);
        floor = Math.max(floor ?? 0, Number(id) + 1);
      }
    },
  };
}
