import { forgetAt, type ClaimRecord } from '../../claims/record.ts';
import type { Change } from './entries.ts';

/**
 * The sorted sets of a tenant for records in progress. `leases` is sorted by the end of the lease. After the death of a run was
 * reported, its record is in `dead` instead, sorted by the instant at which it is forgotten. `runs` is sorted by the name of the
 * run. A finished record is in none of them, because Redis expires it.
 */
export const INDEXES = ['leases', 'dead', 'runs'] as const;
export type Index = (typeof INDEXES)[number];

type Place = readonly [index: Index, member: string, score: number];

/** What to add (alternating scores and members) and what to remove, for each index in the order of `INDEXES`. */
export function indexPlan(
  changes: readonly Change<ClaimRecord>[],
  unlisted: readonly (readonly [Index, string])[],
) {
  const plan = INDEXES.map(() => ({ add: [] as (number | string)[], remove: [] as string[] }));
  const of = (index: Index) => plan[INDEXES.indexOf(index)] ?? { add: [], remove: [] };
  for (const [index, member] of unlisted) of(index).remove.push(member);
  for (const { key, before, next } of changes) {
    const old = placesOf(key, before);
    const places = placesOf(key, next);
    for (const [index, member] of old) {
      if (!places.some((place) => place[0] === index && place[1] === member)) of(index).remove.push(member);
    }
    for (const [index, member, score] of places) of(index).add.push(score, member);
  }
  return plan;
}

function placesOf(key: string, record: ClaimRecord | undefined): readonly Place[] {
  if (record?.state !== 'in_progress') return [];
  return [
    record.deathReported ? ['dead', key, forgetAt(record)] : ['leases', key, record.expiresAt],
    ...(record.run === null ? [] : [['runs', runPrefix(record.run) + key, 0] as const]),
  ];
}

/** The prefix of a run's members in `runs`. It contains the length of the name, so that it does not match a longer name. */
export const runPrefix = (run: string): string => `${Buffer.byteLength(run)}:${run}:`;
