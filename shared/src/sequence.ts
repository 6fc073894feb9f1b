/**
 * The order of the changes of one record, by a number (a version) or a date (the time of the change). It has a canonical form, so
 * that equal sequences are equal texts: `n` and a decimal number, or `d` and the whole seconds since 1970. The fraction of a
 * second is dropped, since senders write the same time with and without it.
 */
export type Sequence = string;

const NUMBER = /^([+-]?)0*(\d{1,30})(?:\.(\d{1,15}))?$/;
const DATE =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/** The accepted forms, for error messages. */
export const SEQUENCE_FORMS = 'a number such as 42, or a date such as 2026-11-29T08:12:29Z';

/** Reads a number or a date; null if the value is neither, or is ambiguous. A date without a time zone is UTC. */
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
  // 31 February is refused, although some engines read it as a date in March.
  return Number.isNaN(at) || new Date(`${day}T00:00Z`).toISOString().slice(0, 10) !== day
    ? null
    : `d${at / 1_000}`;
}

/** The fraction of a second that `readSequence` drops, with its dot and without trailing zeros; empty if there is none. */
export function fractionOf(value: unknown): string {
  const [, fraction = ''] =
    /:\d\d[.,](\d{1,9})\s?(?:Z|[+-]\d\d(?::?\d\d)?)?$/i.exec(String(value).trim()) ?? [];
  const kept = fraction.replace(/0+$/, '');
  return kept === '' ? '' : `.${kept}`;
}

/** Negative, 0 or positive if `one` is older than, equal to or newer than `other`; null if one is a number and the other a date. */
export function compareSequences(one: Sequence, other: Sequence): number | null {
  if (isDate(one) !== isDate(other)) return null;
  const [a, b] = [scaled(one), scaled(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

const isDate = (sequence: Sequence): boolean => sequence.startsWith('d');

/** A date in epoch milliseconds; null for a number. */
export const dateOf = (sequence: Sequence): number | null =>
  isDate(sequence) ? Number(sequence.slice(1)) * 1_000 : null;

/** The sequence as people write it. */
export function shownSequence(sequence: Sequence): string {
  const date = dateOf(sequence);
  return date === null ? sequence.slice(1) : new Date(date).toISOString().replace('.000Z', 'Z');
}

const DECIMALS = 15;

function scaled(sequence: Sequence): bigint {
  const [whole = '', fraction = ''] = sequence.slice(1).split('.');
  return BigInt(whole + fraction.padEnd(DECIMALS, '0'));
}
