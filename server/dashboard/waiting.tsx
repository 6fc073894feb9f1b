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
  const isMore = data !== null && !data.isAll;
  return (
    <section class={tasks.length > 0 ? 'waiting some' : 'waiting'} aria-labelledby="waiting">
      <h2 id="waiting" ref={heading} tabIndex={-1}>
        {data === null ? 'What waits for you' : headline(tasks.length, isMore)}
      </h2>
      {told}
      {failure && <Trouble failure={failure} onRetry={refresh} />}
      {data === null && failure === null && <Loading what="what waits for you" lines={1} />}
      {data !== null && tasks.length === 0 && (
        <p class="all-clear">
          {isMore
            ? 'No key that was looked at waits for you. Older ones were not looked at here.'
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
      {isMore && (
        <p class="further">
          {data.asking.cursor !== null && (
            <a href={hrefOf({ page: 'keys', prefix: '', status: 'unresolved' })}>
              All keys that need your decision
            </a>
          )}{' '}
          <a href={hrefOf({ page: 'keys', prefix: '', status: 'failed' })}>All keys that failed</a>{' '}
          <a href={hrefOf({ page: 'keys', prefix: '', status: 'died' })}>All keys whose run died</a>
        </p>
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

function headline(count: number, isMore: boolean): string {
  if (count === 0) return isMore ? 'Nothing new to do' : 'Nothing to do';
  const waiting = `${formatPlural(count, 'key waits', 'keys wait')} for you`;
  return isMore ? `At least ${waiting}` : waiting;
}
