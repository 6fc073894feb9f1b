/**
 * What orders the changes of one record: a number (a version) or a date (a time of change). Written in one way, so that equal
 * ones are equal texts: `n` and a decimal number, or `d` and whole seconds since 1970. A fraction of a second is dropped:
 * senders write one and the same time with and without.
 */
export type Sequence = string;

const NUMBER = /^([+-]?)0*(\d{1,30})(?:\.(\d{1,15}))?$/;
const DATE =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/** What is accepted, for whoever gave something else. */
export const SEQUENCE_FORMS = 'a number such as 42, or a date such as 2026-11-29T08:12:29Z';

/** Null where the value is neither a number nor a date that can be told for sure. A date without a zone is UTC. */
export function readSequence(value: unknown): Sequence | null {
  if (typeof value === 'number') {
    const isExact = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
    return isExact ? readSequence(String(value)) : null;
  }
  if (typeof value !== 'string') return null;
  const text = value.trim();
  const number = NUMBER.exec(text);
  if (number !== null) {
    const [, sign, whole = '', decimals = ''] = number;
    const fraction = decimals.replace(/0+$/, '');
    const size = fraction === '' ? whole : `${whole}.${fraction}`;
    return `n${sign === '-' && size !== '0' ? '-' : ''}${size}`;
  }
  const date = DATE.exec(text);
  if (date === null) return null;
  const [, day = '', minutes = '00:00', seconds = '00', zone = 'Z'] = date;
  const offset = zone
    .toUpperCase()
    .replace(/^([+-]\d\d):?(\d\d)?$/, (_, hours, rest = '00') => `${hours}:${rest}`);
  const at = Date.parse(`${day}T${minutes}:${seconds}${offset}`);
  // The 31st of February is no date, although some engines read it as one of March.
  return Number.isNaN(at) || new Date(`${day}T00:00Z`).toISOString().slice(0, 10) !== day
    ? null
    : `d${at / 1_000}`;
}

/** What `readSequence` drops of a date, with its dot and without zeros at its end; empty where there is nothing. */
export function fractionOf(value: unknown): string {
  const [, fraction = ''] =
    /:\d\d[.,](\d{1,9})\s?(?:Z|[+-]\d\d(?::?\d\d)?)?$/i.exec(String(value).trim()) ?? [];
  const kept = fraction.replace(/0+$/, '');
  return kept === '' ? '' : `.${kept}`;
}

/** Below, at or above 0 as `one` is older than, as old as or newer than `other`; null where one is a number and one a date. */
export function compareSequences(one: Sequence, other: Sequence): number | null {
  if (isDate(one) !== isDate(other)) return null;
  const [a, b] = [scaled(one), scaled(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

const isDate = (sequence: Sequence): boolean => sequence.startsWith('d');

/** Milliseconds since 1970 of a date; null of a number. */
export const dateOf = (sequence: Sequence): number | null =>
  isDate(sequence) ? Number(sequence.slice(1)) * 1_000 : null;

/** As people write it. */
export function shownSequence(sequence: Sequence): string {
  const date = dateOf(sequence);
  return date === null ? sequence.slice(1) : new Date(date).toISOString().replace('.000Z', 'Z');
}

const DECIMALS = 15;

function scaled(sequence: Sequence): bigint {
  const [whole = '', fraction = ''] = sequence.slice(1).split('.');
  return BigInt(whole + fraction.padEnd(DECIMALS, '0'));
}
