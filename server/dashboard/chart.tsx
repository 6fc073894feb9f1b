import type { Day } from './days.ts';
import { formatCount, formatDay } from './format.ts';

const STEP = 10;
const WIDTH = 7;
const HEIGHT = 56;

/** Bars, one a day, the last one today's. What they show is said in a sentence; the table below says all of it. */
export function Bars({
  label,
  days,
  values,
}: {
  label: string;
  days: readonly Day[];
  values: readonly number[];
}) {
  const most = Math.max(...values);
  const scale = most === 0 ? 0 : (HEIGHT - 3) / most;
  return (
    <svg
      class="bars"
      role="img"
      aria-label={sentence(label, days, values)}
      viewBox={`0 0 ${days.length * STEP - (STEP - WIDTH)} ${HEIGHT}`}
      preserveAspectRatio="none"
    >
      {values.map((value, index) => {
        const height = value === 0 ? 1 : Math.max(3, value * scale);
        const kind = value === 0 ? 'none' : index === values.length - 1 ? 'today' : 'before';
        return (
          <rect
            key={days[index]?.name}
            class={kind}
            x={index * STEP}
            y={HEIGHT - height}
            width={WIDTH}
            height={height}
          />
        );
      })}
    </svg>
  );
}

function sentence(label: string, days: readonly Day[], values: readonly number[]): string {
  const first = days[0]?.name;
  const last = days.at(-1)?.name;
  if (first === undefined || last === undefined) return label;
  const most = Math.max(...values);
  const top = days[values.indexOf(most)]?.name ?? last;
  const range = `${label} by day, from ${formatDay(first)} to ${formatDay(last)}`;
  return most === 0 ? `${range}: none.` : `${range}: at most ${formatCount(most)}, on ${formatDay(top)}.`;
}
