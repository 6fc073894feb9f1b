import type { JobCounts } from './answers.ts';
import { formatCount, formatMoment } from './format.ts';
import { Empty } from './parts.tsx';
import { placeOf } from './where.tsx';

/** Runs that were stopped before they did anything: what they would have done twice, and where. */
export function Jobs({ counts }: { counts: JobCounts }) {
  const { since, items } = counts;
  if (items.length === 0 || since === null) {
    return (
      <Empty title="Nothing was stopped yet.">
        Put <strong>Check &amp; Claim Key</strong> at the start of your automation. Every repeated run of an
        event that it stops shows up here, by its Job Name and workflow.
      </Empty>
    );
  }
  const most = Math.max(...items.map(({ count }) => count));
  return (
    <>
      <table class="jobs">
        <caption class="hidden">Runs stopped, by job and workflow</caption>
        <thead class="hidden">
          <tr>
            <th scope="col">Job and workflow</th>
            <th scope="col">Runs stopped</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ job, count, ...place }) => (
            <tr key={`${job ?? ''}:${placeOf(place)}`}>
              <th scope="row">
                {job ?? <span class="muted">Without a job name</span>}
                <p class="hint">{placeOf(place)}</p>
              </th>
              <td>
                <span class="count">{formatCount(count)}</span>
                <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                  <rect class="track" width="100" height="6" />
                  <rect class="fill" width={Math.max(1, (count / most) * 100)} height="6" />
                </svg>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint">Counted since {formatMoment(since)}.</p>
    </>
  );
}
