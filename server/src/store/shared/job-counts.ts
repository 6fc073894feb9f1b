import { jobOf, type JobCounts } from '../../claims/events.ts';

/** Adds keys up by their job. */
export function createJobCounts() {
  const counts = new Map<string | null, number>();
  return {
    add(key: string): void {
      const job = jobOf(key);
      counts.set(job, (counts.get(job) ?? 0) + 1);
    },
    /** The most first, then by name. */
    most: (limit: number): JobCounts['jobs'] =>
      [...counts]
        .map(([job, count]) => ({ job, count }))
        .sort((one, other) => other.count - one.count || ((one.job ?? '') < (other.job ?? '') ? -1 : 1))
        .slice(0, limit),
  };
}
