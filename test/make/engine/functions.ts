import { Buffer } from 'node:buffer';
import { createHash, createHmac } from 'node:crypto';

/*
 * Make's built-in functions, as far as the app uses them. [D] documented by Make; [S] told by a secondary source;
 * [A] assumed. A function refuses every argument whose treatment is not known.
 */

type Args = readonly unknown[];

/** [D] Not defined, null, or an empty string. */
export const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

const isMembers = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export class UnknownIml extends Error {
  override readonly name = 'UnknownIml';
}

const refuse = (name: string, args: Args): never => {
  throw new UnknownIml(
    `${name}(${args.map((each) => JSON.stringify(each)).join(', ')}) is not known to work.`,
  );
};

function textArg(name: string, args: Args, position: number): string {
  const value = args[position];
  return typeof value === 'string' ? value : refuse(name, args);
}

function numberArg(name: string, args: Args, position: number): number {
  const value = args[position];
  return typeof value === 'number' && Number.isFinite(value) ? value : refuse(name, args);
}

export const FUNCTIONS: Readonly<Record<string, (...args: unknown[]) => unknown>> = {
  // [D] The condition is taken by its truth. [A] Both values are worked out, whichever is taken.
  if: (...args) => (args.length === 3 ? (args[0] ? args[1] : args[2]) : refuse('if', args)),
  // [D]
  ifempty: (...args) =>
    args.length === 2 ? (isEmpty(args[0]) ? args[1] : args[0]) : refuse('ifempty', args),
  // [D]
  trim: (...args) => textArg('trim', args, 0).trim(),
  // [D] From and to, counted from 0.
  substring: (...args) =>
    textArg('substring', args, 0).substring(numberArg('substring', args, 1), numberArg('substring', args, 2)),
  // [D] Counted from 0; -1 where it is not.
  indexOf: (...args) => textArg('indexOf', args, 0).indexOf(textArg('indexOf', args, 1)),
  // [D] Of text and arrays.
  length: (...args) => (Array.isArray(args[0]) ? args[0].length : textArg('length', args, 0).length),
  // [D] of simple values. [S] A collection becomes its JSON.
  toString: (...args: unknown[]) => {
    const [value] = args;
    if (typeof value === 'object' && value !== null) return JSON.stringify(value);
    return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : refuse('toString', args);
  },
  // [D] Hexadecimal where nothing else is asked for; with a key, the HMAC. [S] The key may be in base64.
  sha256: (...args) => {
    const text = textArg('sha256', args, 0);
    if (args.length === 1) return createHash('sha256').update(text, 'utf8').digest('hex');
    if (args.length !== 4 || args[1] !== 'base64' || args[3] !== 'base64') return refuse('sha256', args);
    const key = Buffer.from(textArg('sha256', args, 2), 'base64');
    return createHmac('sha256', key).update(text, 'utf8').digest('base64');
  },
  // [S] Without blanks, in the order of the members.
  createJSON: (...args: unknown[]) =>
    args[0] === undefined ? refuse('createJSON', args) : JSON.stringify(args[0]),
  // [D] X: seconds of the epoch, as text.
  formatDate: (...args: unknown[]) => {
    const [date, format] = args;
    if (!(date instanceof Date) || format !== 'X') return refuse('formatDate', args);
    return String(Math.floor(date.getTime() / 1_000));
  },
  // [D]
  parseNumber: (...args) => {
    const text = textArg('parseNumber', args, 0);
    return /^\d+$/.test(text) ? Number(text) : refuse('parseNumber', args);
  },
  // [D]
  base64: (...args) => Buffer.from(textArg('base64', args, 0), 'utf8').toString('base64'),
  // [D]
  round: (...args) => Math.round(numberArg('round', args, 0)),
  // [D]
  split: (...args) => textArg('split', args, 0).split(textArg('split', args, 1)),
  // [D] Of text and arrays.
  contains: (...args) =>
    Array.isArray(args[0])
      ? args[0].includes(args[1])
      : textArg('contains', args, 0).includes(textArg('contains', args, 1)),
  // [D]
  keys: (...args) => (isMembers(args[0]) ? Object.keys(args[0]) : refuse('keys', args)),
  // [D] A member of a collection, or an item of an array counted from 1.
  get: (...args) => {
    const [of, path] = args;
    if (Array.isArray(of) && typeof path === 'number') return of[path - 1] as unknown;
    if (isMembers(of) && typeof path === 'string' && !path.includes('.')) return of[path];
    return refuse('get', args);
  },
  // [D] [A] Of nothing comes nothing.
  toCollection: (...args) => {
    const [items, key, value] = args;
    if (items === undefined) return undefined;
    if (!Array.isArray(items) || typeof key !== 'string' || typeof value !== 'string')
      return refuse('toCollection', args);
    return Object.fromEntries(
      (items as unknown[]).filter(isMembers).map((item) => [String(item[key]), item[value]]),
    );
  },
};
