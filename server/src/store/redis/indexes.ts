import { forgetAt, type ClaimRecord } from '../../claims/record.ts';
import type { Change } from './entries.ts';

/**
 * A tenant's sorted sets of runs at work: `leases` by the end of the lease, `dead` by the instant of forgetting once the
 * death was told, `runs` by the run's name. A finished record is in none of them: Redis itself forgets it.
 */
export const INDEXES = ['leases', 'dead', 'runs'] as const;
export type Index = (typeof INDEXES)[number];

type Place = readonly [index: Index, member: string, score: number];

/** What is added (scores and members in turn) and what is removed, in the order of `INDEXES`. */
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

/** What the members of a run in `runs` begin with. Its length makes a run's name no part of a longer one. */
export const runPrefix = (run: string): string => `${Buffer.byteLength(run)}:${run}:`;
