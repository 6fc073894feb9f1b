import { useCallback } from 'preact/hooks';
import type { Api } from './api.ts';
import { formatPlural, formatRange } from './format.ts';
import { byPlace, labelOf, type Group } from './groups.ts';
import { useLive } from './live.ts';
import { Empty, Loading, Pill, Trouble } from './parts.tsx';
import { hrefOf } from './route.ts';
import { placeOf } from './where.tsx';
import { EVENT_WORDS } from './words.ts';

const EVERY_MS = 10_000;
/** So many events, as so many lines at most. */
const LOOKED_AT = 20;
const SHOWN = 8;

/** The newest of what happened; what says the same is one line. */
export function Lately({ api }: { api: Api }) {
  const load = useCallback(() => api.events({ limit: LOOKED_AT }), [api]);
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
        {byPlace(data?.items ?? [])
          .slice(0, SHOWN)
          .map((group) => (
            <Line key={group.newest.id} group={group} />
          ))}
      </ul>
    </section>
  );
}

function Line({ group }: { group: Group }) {
  const { newest, oldest, events } = group;
  const { key, job, type } = newest;
  const keys = new Set(events.map((event) => event.key)).size;
  const prefix = job === null ? '' : `${job}:`;
  return (
    <li>
      <div>
        {keys === 1 ? (
          <a class="key" href={hrefOf({ page: 'key', key })}>
            {key}
          </a>
        ) : (
          <a class="key" href={hrefOf({ page: 'keys', prefix, status: '' })}>
            {prefix}… ({formatPlural(keys, 'key', 'keys')})
          </a>
        )}
        <p class="hint">{placeOf(newest)}</p>
      </div>
      <span class="when">
        <Pill tone={EVENT_WORDS[type].tone}>{labelOf(group)}</Pill> {formatRange(oldest.at, newest.at)}
      </span>
    </li>
  );
}
