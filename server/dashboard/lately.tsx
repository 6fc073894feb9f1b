import { useCallback } from 'preact/hooks';
import type { Api } from './api.ts';
import { useLive } from './live.ts';
import { Empty, Loading, Moment, Pill, Trouble } from './parts.tsx';
import { hrefOf } from './route.ts';
import { EVENT_WORDS } from './words.ts';

const EVERY_MS = 10_000;
const SHOWN = 8;

/** The newest of what happened. */
export function Lately({ api }: { api: Api }) {
  const load = useCallback(() => api.events({ limit: SHOWN }), [api]);
  const { data, failure, refresh } = useLive(load, EVERY_MS);
  return (
    <section aria-labelledby="lately">
      <h2 id="lately">Just now</h2>
      {failure && <Trouble failure={failure} onRetry={refresh} />}
      {data === null && failure === null && <Loading what="what happened just now" />}
      {data?.items.length === 0 && (
        <Empty title="Nothing has happened yet.">The first claim shows up here within ten seconds.</Empty>
      )}
      <ul class="lately">
        {data?.items.map(({ id, at, key, type }) => (
          <li key={id}>
            <a class="key" href={hrefOf({ page: 'key', key })}>
              {key}
            </a>
            <span class="when">
              <Pill tone={EVENT_WORDS[type].tone}>{EVENT_WORDS[type].label}</Pill> <Moment at={at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
