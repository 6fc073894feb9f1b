import type { DayMetrics } from './answers.ts';
import { Bars } from './chart.tsx';
import { daysOf, MEASURES, type Day } from './days.ts';
import { formatCount, formatDay, formatPlural } from './format.ts';

/** What it was good for, in a sentence. */
export function Saved({ metrics }: { metrics: DayMetrics }) {
  const values = daysOf(metrics).map(({ counts }) => (counts.duplicate ?? 0) + (counts.stale ?? 0));
  const sum = values.reduce((total, value) => total + value, 0);
  return (
    <p class="saved">
      <strong>{formatPlural(sum, 'run', 'runs')}</strong> stopped before doing work twice in the last 30 days,{' '}
      <strong>{formatCount(values.at(-1) ?? 0)}</strong> of them today.
    </p>
  );
}

/** Today and the last 30 days, as charts and as a table. */
export function Figures({ metrics }: { metrics: DayMetrics }) {
  const days = daysOf(metrics);
  const measures = MEASURES.filter(({ type, ifAny }) => !ifAny || days.some(({ counts }) => counts[type]));
  return (
    <>
      <ul class="figures">
        {measures.map(({ type, label, hint }) => {
          const values = days.map(({ counts }) => counts[type] ?? 0);
          const sum = values.reduce((total, value) => total + value, 0);
          return (
            <li class={`figure ${type}`} key={type}>
              <h3>{label}</h3>
              <p class="number">
                {formatCount(values.at(-1) ?? 0)} <span class="unit">today</span>
              </p>
              <Bars label={label} days={days} values={values} />
              <p class="sum">
                <strong>{formatCount(sum)}</strong> in 30 days
              </p>
              <p class="hint">{hint}</p>
            </li>
          );
        })}
      </ul>
      <details class="as-table">
        <summary>Show the days as a table</summary>
        <Table days={days} measures={measures} />
      </details>
    </>
  );
}

function Table({ days, measures }: { days: readonly Day[]; measures: typeof MEASURES }) {
  return (
    <table class="days">
      <caption class="hidden">What happened by day, the newest first. Days are in UTC.</caption>
      <thead>
        <tr>
          <th scope="col">Day</th>
          {measures.map(({ type, short }) => (
            <th scope="col" key={type}>
              {short}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {[...days].reverse().map(({ name, counts }) => (
          <tr key={name}>
            <th scope="row">{formatDay(name)}</th>
            {measures.map(({ type }) => (
              <td key={type}>{formatCount(counts[type] ?? 0)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
