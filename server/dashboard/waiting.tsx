import { useCallback, useRef } from 'preact/hooks';
import type { Api } from './api.ts';
import { Choices } from './choices.tsx';
import { useDecisions } from './decide.tsx';
import { formatPlural } from './format.ts';
import { useLive } from './live.ts';
import { Loading, Moment, Pill, Trouble } from './parts.tsx';
import { hrefOf } from './route.ts';
import { loadToDo, type Task } from './to-do.ts';
import { Where } from './where.tsx';
import { TASKS } from './words.ts';

const EVERY_MS = 10_000;

/** What a person must do now: keys that nobody may take over until they decide, then those whose run failed or died. */
export function Waiting({ api }: { api: Api }) {
  const load = useCallback(() => loadToDo(api), [api]);
  const { data, failure, refresh } = useLive(load, EVERY_MS);
  const heading = useRef<HTMLHeadingElement>(null);
  const { ask, told, dialog } = useDecisions({
    api,
    refresh,
    focus: () => {
      heading.current?.focus();
    },
  });

  const tasks = data?.tasks ?? [];
  const isMore = data !== null && data.asking.cursor !== null;
  return (
    <section class={tasks.length > 0 ? 'waiting some' : 'waiting'} aria-labelledby="waiting">
      <h2 id="waiting" ref={heading} tabIndex={-1}>
        {tasks.length > 0 ? headline(tasks.length, isMore) : 'Nothing to do'}
      </h2>
      {told}
      {failure && <Trouble failure={failure} onRetry={refresh} />}
      {data === null && failure === null && <Loading what="what waits for you" lines={1} />}
      {data !== null && tasks.length === 0 && (
        <p class="all-clear">
          {data.asking.isCutShort
            ? 'None of the first keys waits for you. The Keys page shows the others.'
            : 'No key waits for your decision. No work has failed, and no run hangs.'}
        </p>
      )}
      <ul class="asks">
        {tasks.map((task) => (
          <li key={task.key}>
            <About task={task} />
            <Choices
              about={task.key}
              onChoose={(outcome) => {
                ask({ key: task.key, version: task.version, outcome });
              }}
            />
          </li>
        ))}
      </ul>
      {tasks.length > 0 && isMore && (
        <a href={hrefOf({ page: 'keys', prefix: '', status: 'unresolved' })}>All keys that wait for you</a>
      )}
      {dialog}
    </section>
  );
}

function About({ task }: { task: Task }) {
  const { key, reason, at, attempt, error } = task;
  const { label, tone, todo } = TASKS[reason];
  return (
    <div>
      <a class="key" href={hrefOf({ page: 'key', key })}>
        {key}
      </a>
      <p class="hint">
        <Pill tone={tone}>{label}</Pill> <Moment at={at} /> <Where of={task} />
        {attempt > 1 && <>, attempt {attempt}</>}
      </p>
      {error !== null && <p class="hint">Error: {error}</p>}
      <p class="hint">{todo}</p>
    </div>
  );
}

const headline = (count: number, isMore: boolean): string =>
  isMore
    ? `More than ${count - 1} keys wait for you`
    : `${formatPlural(count, 'key waits', 'keys wait')} for you`;
