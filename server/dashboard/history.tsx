import type { EventItem } from './answers.ts';
import { formatPlural, formatRange } from './format.ts';
import { inARow, labelOf, type Group } from './groups.ts';
import { Moment } from './parts.tsx';
import { isKnown, Where } from './where.tsx';
import { EVENT_WORDS } from './words.ts';

/** All that happened to a key, the newest first; what says the same is one entry. */
export function History({ events, isCut }: { events: readonly EventItem[]; isCut: boolean }) {
  return (
    <section aria-labelledby="history">
      <h2 id="history">History</h2>
      <p class="hint">{formatPlural(events.length, 'thing', 'things')} happened, the newest first.</p>
      <ol class="history">
        {inARow(events).map((group) => (
          <Entry key={group.oldest.id} group={group} />
        ))}
      </ol>
      {isCut && <p class="hint">Earlier events are not shown.</p>}
    </section>
  );
}

function Entry({ group }: { group: Group }) {
  const { newest, oldest, events } = group;
  const { type, attempt, error_code: said, by } = newest;
  const { tone, means } = EVENT_WORDS[type];
  return (
    <li class={tone}>
      <p class="what">
        <strong>{labelOf(group)}</strong>{' '}
        {events.length === 1 ? <Moment at={newest.at} /> : <Range from={oldest.at} to={newest.at} />}
      </p>
      <p>{means}</p>
      {events.length === 1 && isKnown(newest) && (
        <p>
          <Where of={newest} />
        </p>
      )}
      {events.length > 1 && <Runs events={events} />}
      <dl>
        {attempt > 1 && <Fact name="Attempt" value={String(attempt)} />}
        {said !== null && <Fact name={NOTES.has(type) ? 'Note' : 'Error'} value={said} />}
        {by !== null && <Fact name="By" value={by} />}
      </dl>
    </li>
  );
}

const Range = ({ from, to }: { from: string; to: string }) => (
  <span class="when">{formatRange(from, to)}</span>
);

/** Each run of several, for whoever looks for one. */
function Runs({ events }: { events: readonly EventItem[] }) {
  return (
    <details class="runs">
      <summary>Show each</summary>
      <ul>
        {events.map((event) => (
          <li key={event.id}>
            <Moment at={event.at} /> <Where of={event} />
          </li>
        ))}
      </ul>
    </details>
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
