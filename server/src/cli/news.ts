import type { ShownEvent } from './output.ts';

/** Tells what is new in one look at the newest events after another. */
export interface News {
  /**
   * The new ones of a look, the oldest first. `isCut`: everything in it is new, so that something before it may be too.
   */
  of(newestFirst: readonly ShownEvent[], limit: number): { fresh: readonly ShownEvent[]; isCut: boolean };
  /** They are new no more. */
  shown(events: readonly ShownEvent[]): void;
}

/** As many as are remembered; those before them are old. */
const REMEMBERED = 5_000;

/**
 * Servers that share a store write their events side by side, so that one may appear with a lower id than another that
 * was shown before: every id is remembered for a while, rather than the highest.
 */
export function createNews(): News {
  const seen = new Set<string>();
  let floor: number | undefined;

  return {
    of(newestFirst, limit) {
      const least = floor ?? 0;
      const fresh = newestFirst.filter(({ id }) => Number(id) >= least && !seen.has(id)).reverse();
      const isFirst = floor === undefined;
      floor ??= newestFirst.length < limit ? 0 : Number(newestFirst.at(-1)?.id ?? 0);
      return { fresh, isCut: !isFirst && fresh.length === limit };
    },
    shown(events) {
      for (const { id } of events) seen.add(id);
      for (const id of seen) {
        if (seen.size <= REMEMBERED) break;
        seen.delete(id);
        floor = Math.max(floor ?? 0, Number(id) + 1);
      }
    },
  };
}
