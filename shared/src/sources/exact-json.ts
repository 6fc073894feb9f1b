import type { Json } from '../json.ts';

/**
 * Parses JSON, but keeps numbers that do not fit into a double as text: otherwise two ids of 19 digits could become equal, and two
 * events would get the same key. A number beyond the range of a double (1e400) becomes infinite.
 */
export function parseExactly(text: string): Json {
  return JSON.parse(text, keepDigits as (name: string, value: unknown) => unknown) as Json;
}

/** Parses JSON, but keeps every number that a double would change as text, also one beyond its range (1e400). */
export function parseAllDigits(text: string): unknown {
  return JSON.parse(text, ((name: string, value: unknown, context?: Context) =>
    typeof value === 'number' && !Number.isFinite(value)
      ? (context?.source ?? value)
      : keepDigits(name, value, context)) as (name: string, value: unknown) => unknown) as unknown;
}

interface Context {
  readonly source?: string;
}

/** `context` is missing in old engines, which do not pass a value's source text. The value is then used as it is. */
function keepDigits(_name: string, value: unknown, context: Context | undefined): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined || !Number.isFinite(value)) return value;
  if (source === String(value)) return value;
  const [given, held] = [decimal(source), decimal(String(value))];
  return given === held ? value : given;
}

/** The canonical text of a decimal number: its significant digits and its exponent. */
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
