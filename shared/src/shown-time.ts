const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
/** Of a second. A fraction of nothing but zeros tells nothing. */
const FRACTION = /\.(?!0+\D)\d+/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * An ISO-8601 instant as people write it: “29 Nov, 08:12 UTC”. The year is added if it is not that of `now` (epoch milliseconds),
 * and with `to: 'second'` the seconds, with their fraction as it is written. Any other text is returned unchanged.
 */
export function shownTime(instant: string, now: number, to: 'minute' | 'second' = 'minute'): string {
  const at = new Date(instant);
  if (!INSTANT.test(instant) || Number.isNaN(at.getTime())) return instant;
  const year = at.getUTCFullYear();
  const ofYear = year === new Date(now).getUTCFullYear() ? '' : ` ${String(year)}`;
  const day = `${String(at.getUTCDate())} ${MONTHS[at.getUTCMonth()] ?? ''}${ofYear}`;
  const end = to === 'minute' ? '2026-11-29T08:12' : '2026-11-29T08:12:29';
  const fraction = to === 'minute' ? '' : (FRACTION.exec(instant)?.[0] ?? '');
  return `${day}, ${at.toISOString().slice('2026-11-29T'.length, end.length)}${fraction} UTC`;
}
