import { useCallback, useRef } from 'preact/hooks';
import type { Api } from './api.ts';
import { Choices } from './choices.tsx';
import { useDecisions } from './decide.tsx';
import { formatPlural } from './format.ts';
import { listPage } from './listing.ts';
import { useLive } from './live.ts';
import { Loading, Moment, Trouble } from './parts.tsx';
import { hrefOf } from './route.ts';

const EVERY_MS = 10_000;

/** Keys whose run died and that nobody may take over until a person has decided. */
export function Waiting({ api }: { api: Api }) {
  const load = useCallback(() => listPage(api, { prefix: '', status: 'unresolved' }, null), [api]);
  const { data, failure, refresh } = useLive(load, EVERY_MS);
  const heading = useRef<HTMLHeadingElement>(null);
  const { ask, told, dialog } = useDecisions({
    api,
    refresh,
    focus: () => {
      heading.current?.focus();
    },
  });

  const items = data?.items ?? [];
  return (
    <section class={items.length > 0 ? 'waiting some' : 'waiting'} aria-labelledby="waiting">
      <h2 id="waiting" ref={heading} tabIndex={-1}>
        {items.length > 0 ? headline(items.length, data?.cursor !== null) : 'Waiting for you'}
      </h2>
      {told}
      {failure && <Trouble failure={failure} onRetry={refresh} />}
      {data === null && failure === null && <Loading what="what waits for you" lines={1} />}
      {data !== null && items.length === 0 && (
        <p class="all-clear">
          {data.isCutShort
            ? 'None among the first keys that were looked at. The Keys page can look further.'
            : 'No key waits for your decision.'}
        </p>
      )}
      {items.length > 0 && (
        <p>
          Their runs died, and “Stop and ask me” keeps others from taking over. Look whether the work was
          done, then say so.
        </p>
      )}
      <ul class="asks">
        {items.map(({ key, version, run, attempt, expires_at: died }) => (
          <li key={key}>
            <div>
              <a class="key" href={hrefOf({ page: 'key', key })}>
                {key}
              </a>
              <p class="hint">
                Died <Moment at={died} />
                {run !== null && <> in run {run}</>}
                {attempt > 1 && <>, attempt {attempt}</>}
              </p>
            </div>
            <Choices
              about={key}
              onChoose={(outcome) => {
                ask({ key, version, outcome });
              }}
            />
          </li>
        ))}
      </ul>
      {data !== null && items.length > 0 && data.cursor !== null && (
        <a href={hrefOf({ page: 'keys', prefix: '', status: 'unresolved' })}>All that wait for you</a>
      )}
      {dialog}
    </section>
  );
}

const headline = (count: number, isMore: boolean): string =>
  isMore
    ? `More than ${count - 1} keys wait for you`
    : `${formatPlural(count, 'key waits', 'keys wait')} for you`;
