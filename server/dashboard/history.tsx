import type { EventItem } from './answers.ts';
import { formatPlural } from './format.ts';
import { Moment } from './parts.tsx';
import { EVENT_WORDS } from './words.ts';

/** All that happened to a key, the newest first. */
export function History({ events, isCut }: { events: readonly EventItem[]; isCut: boolean }) {
  return (
    <section aria-labelledby="history">
      <h2 id="history">History</h2>
      <p class="hint">{formatPlural(events.length, 'thing', 'things')} happened, the newest first.</p>
      <ol class="history">
        {events.map((event) => (
          <Entry key={event.id} event={event} />
        ))}
      </ol>
      {isCut && <p class="hint">What was before is not shown.</p>}
    </section>
  );
}

function Entry({ event }: { event: EventItem }) {
  const { type, at, run, attempt, error_code: said, by } = event;
  const { label, tone, means } = EVENT_WORDS[type];
  return (
    <li class={tone}>
      <p class="what">
        <strong>{label}</strong> <Moment at={at} />
      </p>
      <p>{means}</p>
      <dl>
        {run !== null && <Fact name="Run" value={run} />}
        <Fact name="Attempt" value={String(attempt)} />
        {said !== null && <Fact name={NOTES.has(type) ? 'Note' : 'Error'} value={said} />}
        {by !== null && <Fact name="By" value={by} />}
      </dl>
    </li>
  );
}

/** Where a person's or a run's reason is told, and no error. */
const NOTES: ReadonlySet<EventItem['type']> = new Set(['released', 'resolved']);

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
