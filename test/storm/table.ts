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
  const verdicts = {
    with: judge(deliveries, withClaim.records),
    without: judge(deliveries, without.records),
  };
  const rows: readonly (readonly [string, number, number])[] = [
    ['events', new Set(deliveries.map(({ id }) => id)).size, new Set(deliveries.map(({ id }) => id)).size],
    ['deliveries', withClaim.tally.deliveries, without.tally.deliveries],
    ['runs that went on', withClaim.tally.wentOn, without.tally.wentOn],
    ['runs stopped early', withClaim.tally.stopped, without.tally.stopped],
    ['runs that died', withClaim.tally.crashed.size, without.tally.crashed.size],
    ['taken over after a crash', withClaim.tally.takenOver, without.tally.takenOver],
    ['records written', sum(withClaim.records), sum(without.records)],
    ['events never written', verdicts.with.missing, verdicts.without.missing],
    ['events written twice or more', verdicts.with.double, verdicts.without.double],
  ];
  const line = (left: string, middle: string | number, right: string | number): string =>
    `  ${left.padEnd(30)}${String(middle).padStart(14)}${String(right).padStart(17)}`;
  const head = line('', 'with OnceOnly', 'without it');
  return [head, `  ${'─'.repeat(head.length - 2)}`, ...rows.map((row) => line(...row))].join('\n');
}

const sum = (records: ReadonlyMap<string, number>): number =>
  [...records.values()].reduce((a, b) => a + b, 0);
