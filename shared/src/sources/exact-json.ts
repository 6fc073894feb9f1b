import type { Json } from '../json.ts';

/**
 * JSON as a value, in which numbers that a double cannot hold stay as their digits: two ids of 19 digits that differ in the
 * last one would be the same number, and two events one. A number beyond a double's range (1e400) comes as infinite.
 */
export function parseExactly(text: string): Json {
  return JSON.parse(text, keepDigits as (name: string, value: unknown) => unknown) as Json;
}

/** `context` is missing where the engine is too old to tell a value's source; the value is then as good as it gets. */
function keepDigits(
  _name: string,
  value: unknown,
  context: { readonly source?: string } | undefined,
): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined || !Number.isFinite(value)) return value;
  if (source === String(value)) return value;
  const [given, held] = [decimal(source), decimal(String(value))];
  return given === held ? value : given;
}

/** A number's digits without zeros around them and the power of ten behind: one text for each number, however written. */
function decimal(source: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  if (power >= 0 && power <= 400) return sign + significant + '0'.repeat(power);
  return `${sign}${significant}e${String(power)}`;
}
