import { useCallback } from 'preact/hooks';
import type { EventItem, KeyStatus } from './answers.ts';
import type { Answer, Api } from './api.ts';
import { Choices } from './choices.tsx';
import { useDecisions, type Question } from './decide.tsx';
import { History } from './history.tsx';
import { indented } from './json-text.ts';
import { useLive } from './live.ts';
import { Empty, Loading, Moment, Pill, Title, Trouble } from './parts.tsx';
import { standing } from './words.ts';

const EVERY_MS = 5_000;
const MOST_EVENTS = 500;

interface Known {
  /** Null: there is no such key, or it was released or forgotten. */
  readonly status: KeyStatus | null;
  /** JSON text, as it was sent; null: there is none. */
  readonly result: string | null;
  readonly events: readonly EventItem[];
}

/** One key: how it stands, what came of it, and all that happened to it. */
export function KeyPage({ api, name }: { api: Api; name: string }) {
  const load = useCallback(() => loadKey(api, name), [api, name]);
  const { data, failure, refresh } = useLive(load, EVERY_MS);
  const { ask, told, dialog } = useDecisions({
    api,
    refresh,
    focus: () => {
      document.querySelector('h1')?.focus();
    },
  });
  const status = data?.status ?? null;
  return (
    <>
      <p class="back">
        <a href="#/keys">All keys</a>
      </p>
      <Title name={name}>
        <span class="key">{name}</span>
      </Title>
      {told}
      {failure && <Trouble failure={failure} onRetry={refresh} />}
      {data === null && failure === null && <Loading what="the key" lines={6} />}
      {data !== null && status === null && (
        <Empty title={data.events.length === 0 ? 'There is no such key.' : 'This key is free.'}>
          {data.events.length === 0
            ? 'It was never claimed, or it was forgotten after its time. The next run of this event goes on.'
            : 'It was released or forgotten. The next run of this event goes on.'}
        </Empty>
      )}
      {status !== null && (
        <section class={status.unresolved ? 'card asking' : 'card'} aria-labelledby="standing">
          <h2 id="standing" class="hidden">
            How it stands
          </h2>
          <Facts status={status} events={data?.events ?? []} />
          {typeof data?.result === 'string' && (
            <>
              <h3>Result</h3>
              <pre tabIndex={0}>{indented(data.result)}</pre>
            </>
          )}
          <Decisions
            status={status}
            onChoose={(outcome) => {
              ask({ key: name, version: status.version, outcome });
            }}
          />
        </section>
      )}
      {data !== null && data.events.length > 0 && (
        <History events={data.events} isCut={data.events.length === MOST_EVENTS} />
      )}
      {dialog}
    </>
  );
}

async function loadKey(api: Api, key: string): Promise<Answer<Known>> {
  const [status, result, events] = await Promise.all([
    api.status(key),
    api.result(key),
    api.events({ key, limit: MOST_EVENTS }),
  ]);
  if ('failure' in events) return events;
  if ('failure' in status && status.failure.kind !== 'not_found') return status;
  return {
    body: {
      status: 'body' in status ? status.body : null,
      result: 'body' in result ? result.body : null,
      events: events.body.items,
    },
  };
}

function Facts({ status, events }: { status: KeyStatus; events: readonly EventItem[] }) {
  const { label, tone } = standing(status);
  const run = events.find(({ type }) => type === 'claimed' || type === 'taken_over')?.run;
  return (
    <dl class="facts">
      <div>
        <dt>Status</dt>
        <dd>
          <Pill tone={tone}>{label}</Pill>
        </dd>
      </div>
      <div>
        <dt>Attempt</dt>
        <dd>{status.attempt}</dd>
      </div>
      {run !== undefined && run !== null && (
        <div>
          <dt>Run</dt>
          <dd>{run}</dd>
        </div>
      )}
      <div>
        <dt>First seen</dt>
        <dd>
          <Moment at={status.first_seen_at} />
        </dd>
      </div>
      {status.done_at !== null && (
        <div>
          <dt>Ended</dt>
          <dd>
            <Moment at={status.done_at} />
          </dd>
        </div>
      )}
      {status.done_at === null && status.expires_at !== null && (
        <div>
          <dt>{status.unresolved ? 'Died' : 'Held until'}</dt>
          <dd>
            <Moment at={status.expires_at} />
          </dd>
        </div>
      )}
      {status.error_code !== null && (
        <div class="broad">
          <dt>Error</dt>
          <dd>{status.error_code}</dd>
        </div>
      )}
    </dl>
  );
}

/** Where the key asks for it, at once; else where one looks for it, since it overrules what runs say. */
function Decisions({
  status,
  onChoose,
}: {
  status: KeyStatus;
  onChoose: (outcome: Question['outcome']) => void;
}) {
  const choices = <Choices about={status.key} onChoose={onChoose} />;
  if (status.unresolved) {
    return (
      <div class="decide">
        <p>Its run died, and nobody takes over until you decide. Check whether the work was done.</p>
        {choices}
      </div>
    );
  }
  return (
    <details class="decide">
      <summary>Decide by hand</summary>
      <p>This overrules what the runs say. A run that is at work is told that it came too late.</p>
      {choices}
    </details>
  );
}
