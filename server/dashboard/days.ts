import type { DayMetrics, EventType } from './answers.ts';

const DAY_MS = 86_400_000;

/** What the overview draws, each from one type of event. */
export const MEASURES: readonly {
  readonly type: EventType;
  readonly label: string;
  readonly short: string;
  readonly hint: string;
  /** Shown only where there are any, since few have them. */
  readonly ifAny?: true;
}[] = [
  {
    type: 'duplicate',
    label: 'Duplicates stopped',
    short: 'Stopped',
    hint: 'runs that would have done it again',
  },
  { type: 'claimed', label: 'Claims', short: 'Claims', hint: 'events whose work was started' },
  {
    type: 'taken_over',
    label: 'Takeovers',
    short: 'Taken over',
    hint: 'runs that went on after another died',
  },
  { type: 'failed', label: 'Failures', short: 'Failed', hint: 'runs that said that their work failed' },
  { type: 'exhausted', label: 'Given up', short: 'Given up', hint: 'runs turned away: no attempts left' },
  {
    type: 'stale',
    label: 'Older changes stopped',
    short: 'Older',
    hint: 'a newer change of the same record was done',
    ifAny: true,
  },
  {
    type: 'watched',
    label: 'Would have been stopped',
    short: 'Watched',
    hint: 'by steps that only watch',
    ifAny: true,
  },
];

export interface Day {
  readonly name: string;
  readonly counts: Readonly<Partial<Record<EventType, number>>>;
}

/** Every day from the first to the last, those on which nothing happened included. */
export function daysOf({ from_day, to_day, items }: DayMetrics): readonly Day[] {
  const known = new Map(items.map(({ day, counts }) => [day, counts]));
  const days: Day[] = [];
  for (let at = Date.parse(from_day); at <= Date.parse(to_day); at += DAY_MS) {
    const name = new Date(at).toISOString().slice(0, 10);
    days.push({ name, counts: known.get(name) ?? {} });
  }
  return days;
}
