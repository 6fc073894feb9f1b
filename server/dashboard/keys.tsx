import type { TargetedEvent } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useState } from 'preact/hooks';
import type { Api } from './api.ts';
import { KeyTable } from './key-table.tsx';
import { listPage } from './listing.ts';
import { useLive } from './live.ts';
import { Empty, Loading, Title, Trouble } from './parts.tsx';
import { hrefOf } from './route.ts';
import { FILTERS } from './words.ts';

const EVERY_MS = 5_000;
/** Where a page took the server much to look at. */
const SELDOM_MS = 30_000;

interface Filter {
  readonly prefix: string;
  readonly status: string;
}

export function Keys({ api, prefix, status }: Filter & { api: Api }) {
  return (
    <>
      <Title name="Keys">Keys</Title>
      <Search prefix={prefix} status={status} />
      <KeyPages key={hrefOf({ page: 'keys', prefix, status })} api={api} prefix={prefix} status={status} />
    </>
  );
}

/** All keys that match, a page at a time, kept up to date. */
function KeyPages({ api, prefix, status }: Filter & { api: Api }) {
  // Where each page up to this one begins.
  const [starts, setStarts] = useState<readonly (string | null)[]>([null]);
  const [slow, setSlow] = useState(false);
  const from = starts.at(-1) ?? null;
  const load = useCallback(() => listPage(api, { prefix, status }, from), [api, prefix, status, from]);
  const { data, failure, refresh } = useLive(load, slow ? SELDOM_MS : EVERY_MS);

  useEffect(() => {
    setSlow(data?.isCutShort ?? false);
  }, [data]);

  const filtered = prefix !== '' || status !== '';
  const next = data?.cursor ?? null;
  return (
    <>
      {failure && <Trouble failure={failure} onRetry={refresh} />}
      {data === null && failure === null && <Loading what="the keys" lines={8} />}
      {data?.items.length === 0 && next === null && (
        <Empty title={filtered ? 'No key matches.' : 'There is no key yet.'}>
          {filtered ? (
            <>
              Keys begin with their Job Name and a colon. <a href="#/keys">Show all keys</a>
            </>
          ) : (
            <>
              Put <strong>Check &amp; Claim Key</strong> at the start of your automation and run it once.
            </>
          )}
        </Empty>
      )}
      {data && data.items.length > 0 && <KeyTable items={data.items} />}
      {data?.isCutShort === true && (
        <p class="hint" role="status">
          There are many keys, and few of them match. The next page may have more.
        </p>
      )}
      <nav class="pages" aria-label="Pages of keys">
        <button
          type="button"
          aria-disabled={starts.length === 1}
          onClick={() => {
            if (starts.length > 1) setStarts(starts.slice(0, -1));
          }}
        >
          Previous
        </button>
        <span>Page {starts.length}</span>
        <button
          type="button"
          aria-disabled={next === null}
          onClick={() => {
            if (next !== null) setStarts([...starts, next]);
          }}
        >
          Next
        </button>
      </nav>
    </>
  );
}

function Search({ prefix, status }: Filter) {
  const [typed, setTyped] = useState(prefix);
  // Before the page is seen: later it would take back what somebody has typed by then.
  useLayoutEffect(() => {
    setTyped(prefix);
  }, [prefix]);

  function go(to: Filter): void {
    location.hash = hrefOf({ page: 'keys', ...to });
  }
  function submit(event: TargetedEvent<HTMLFormElement, SubmitEvent>): void {
    event.preventDefault();
    go({ prefix: typed.trim(), status });
  }

  return (
    <form class="search" role="search" onSubmit={submit}>
      <div>
        <label for="prefix">Key begins with</label>
        <input
          id="prefix"
          type="search"
          value={typed}
          maxLength={256}
          autocomplete="off"
          spellcheck={false}
          placeholder="Job name:…"
          onInput={(event) => {
            setTyped(event.currentTarget.value);
          }}
        />
      </div>
      <div>
        <label for="status">Status</label>
        <select
          id="status"
          value={status}
          onChange={(event) => {
            go({ prefix: typed.trim(), status: event.currentTarget.value });
          }}
        >
          {FILTERS.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <button type="submit" class="primary">
        Search
      </button>
    </form>
  );
}
