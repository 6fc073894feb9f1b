const number = new Intl.NumberFormat('en');
const moment = new Intl.DateTimeFormat('en-GB', {
  ...{ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' },
});
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

export const formatCount = (value: number): string => number.format(value);
/** In the time zone of the reader. */
export const formatMoment = (iso: string): string => moment.format(new Date(iso));
/** From one moment to a later one; the day of the second is left out where it is the same. */
export function formatRange(first: string, last: string): string {
  const [from, to] = [formatMoment(first), formatMoment(last)];
  if (from === to) return from;
  const [day, time] = to.split(', ');
  return from.startsWith(`${day ?? to},`) ? `${from} to ${time ?? to}` : `${from} to ${to}`;
}
/** Days are UTC, as they are counted. */
export const formatDay = (name: string): string => day.format(new Date(`${name}T00:00:00Z`));
/** One thing, or several. */
export const formatPlural = (count: number, one: string, many: string): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;
