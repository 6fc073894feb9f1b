import type { EventItem } from './answers.ts';
import { formatCount } from './format.ts';
import { placeOf } from './where.tsx';
import { EVENT_WORDS } from './words.ts';

/** Events that say the same: the newest first, never empty. */
export interface Group {
  readonly newest: EventItem;
  readonly oldest: EventItem;
  readonly events: readonly EventItem[];
}

/** The same thing at the same place, of the keys of one job, however much happened in between. */
export function byPlace(events: readonly EventItem[]): readonly Group[] {
  const groups = Map.groupBy(events, (event) => JSON.stringify([event.job, event.type, placeOf(event)]));
  return [...groups.values()].flatMap(groupOf);
}

/** What happened to one key in a row, and nothing else in between. */
export function inARow(events: readonly EventItem[]): readonly Group[] {
  const rows: EventItem[][] = [];
  for (const event of events) {
    const last = rows.at(-1);
    if (last?.[0]?.type === event.type && last[0].error_code === event.error_code) last.push(event);
    else rows.push([event]);
  }
  return rows.flatMap(groupOf);
}

function groupOf(events: readonly EventItem[]): Group[] {
  const [newest] = events;
  const oldest = events.at(-1);
  return newest === undefined || oldest === undefined ? [] : [{ newest, oldest, events }];
}

/** `Duplicate stopped`, or `11 duplicates stopped`. */
export function labelOf({ newest: { type }, events }: Group): string {
  const { label, many } = EVENT_WORDS[type];
  return events.length === 1 ? label : `${formatCount(events.length)} ${many}`;
}
