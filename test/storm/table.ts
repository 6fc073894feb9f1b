import type { Delivery } from './deliveries.ts';
import type { Tally } from './runs.ts';

/** A storm and what is left of it. */
export interface Played {
  readonly tally: Tally;
  readonly records: ReadonlyMap<string, number>;
  readonly seconds: number;
}

export interface Verdict {
  readonly missing: number;
  readonly double: number;
}

/** Each event must be written exactly once. */
export function judge(deliveries: readonly Delivery[], records: ReadonlyMap<string, number>): Verdict {
  const events = [...new Set(deliveries.map(({ id }) => id))];
  return {
    missing: events.filter((id) => !records.has(id)).length,
    double: [...records.values()].filter((times) => times > 1).length,
  };
}

export function table(deliveries: readonly Delivery[], withClaim: Played, without: Played): string {
  const events = new Set(deliveries.map(({ id }) => id)).size;
  const row = (name: string, count: (played: Played) => number): readonly [string, number, number] => [
    name,
    count(withClaim),
    count(without),
  ];
  const rows = [
    row('events', () => events),
    row('deliveries', () => deliveries.length),
    row('runs, one a delivery and platform', ({ tally }) => tally.runs),
    ...Object.keys(without.tally.wentOn).map((name) =>
      row(`  went on, on ${name}`, ({ tally }) => tally.wentOn[name] ?? 0),
    ),
    row('  stopped early', ({ tally }) => tally.stopped),
    row('  died', ({ tally }) => tally.crashed.size),
    row('taken over after a crash', ({ tally }) => tally.takenOver),
    row('records written', ({ records }) => sum(records)),
    row('events never written', ({ records }) => judge(deliveries, records).missing),
    row('events written twice or more', ({ records }) => judge(deliveries, records).double),
  ];
  const line = (left: string, middle: string | number, right: string | number): string =>
    `  ${left.padEnd(36)}${String(middle).padStart(14)}${String(right).padStart(17)}`;
  const head = line('', 'with OnceOnly', 'without it');
  return [head, `  ${'─'.repeat(head.length - 2)}`, ...rows.map((row) => line(...row))].join('\n');
}

const sum = (records: ReadonlyMap<string, number>): number =>
  [...records.values()].reduce((a, b) => a + b, 0);
