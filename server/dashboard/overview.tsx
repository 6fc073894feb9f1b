import { useCallback } from 'preact/hooks';
import type { Api } from './api.ts';
import { Figures, Saved } from './figures.tsx';
import { Jobs } from './jobs.tsx';
import { Lately } from './lately.tsx';
import { useLive } from './live.ts';
import { Loading, Title, Trouble } from './parts.tsx';
import { Waiting } from './waiting.tsx';

const FIGURES_EVERY_MS = 10_000;
const JOBS_EVERY_MS = 30_000;

/** What was saved, what a person must do now, and where. */
export function Overview({ api }: { api: Api }) {
  const figures = useLive(
    useCallback(() => api.metrics(), [api]),
    FIGURES_EVERY_MS,
  );
  const jobs = useLive(
    useCallback(() => api.stoppedByJob(), [api]),
    JOBS_EVERY_MS,
  );
  return (
    <>
      <Title name="Overview">Overview</Title>
      {figures.data && <Saved metrics={figures.data} />}
      <Waiting api={api} />
      <section aria-labelledby="figures">
        <h2 id="figures">Today and the last 30 days</h2>
        {figures.failure && <Trouble failure={figures.failure} onRetry={figures.refresh} />}
        {figures.data ? (
          <Figures metrics={figures.data} />
        ) : (
          !figures.failure && <Loading what="the charts" />
        )}
      </section>
      <div class="columns">
        <section aria-labelledby="jobs">
          <h2 id="jobs">Where runs were stopped</h2>
          {jobs.failure && <Trouble failure={jobs.failure} onRetry={jobs.refresh} />}
          {jobs.data ? <Jobs counts={jobs.data} /> : !jobs.failure && <Loading what="the jobs" />}
        </section>
        <Lately api={api} />
      </div>
    </>
  );
}
