import type { EventType } from '../../claims/events.ts';
import type { ClaimState, OnExpired } from '../../claims/record.ts';

/** The numbers by which values are stored. Append only: the meaning of a number never changes. */
interface Codes<Value extends string> {
  code(value: Value): number;
  value(code: number): Value;
}

export const states = codes<ClaimState>({ in_progress: 0, completed: 1, failed: 2, released: 3 });

export const expiries = codes<OnExpired>({ retry: 0, block: 1 });

export const eventTypes = codes<EventType>({
  claimed: 0,
  duplicate: 1,
  taken_over: 2,
  completed: 3,
  failed: 4,
  exhausted: 5,
  unresolved: 6,
  released: 7,
  resolved: 8,
  run_died: 9,
  stale: 10,
  watched: 11,
});

function codes<Value extends string>(table: Readonly<Record<Value, number>>): Codes<Value> {
  const values = new Map<number, Value>();
  for (const value in table) values.set(table[value], value);
  return {
    code: (value) => table[value],
    value(code) {
      const value = values.get(code);
      if (value === undefined) throw new Error(`Code ${code} is none of this version's.`);
      return value;
    },
  };
}
