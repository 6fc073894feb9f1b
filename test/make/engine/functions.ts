import { createHash } from 'node:crypto';
import { reading } from './reading.ts';

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
  // [D] Of a pattern between slashes, what it finds, or with a g all of it; $1 is its first group. No backslash: [A] it stays as it is.
  replace: (...args) => {
    const [text, what, by] = [0, 1, 2].map((at) => textArg('replace', args, at)) as [string, string, string];
    const [, pattern, flags] = /^\/([^\\]+)\/(g?)$/.exec(what) ?? [];
    return pattern === undefined ? refuse('replace', args) : text.replace(new RegExp(pattern, flags), by);
  },
  // [D] Counted from 0; -1 where it is not.
  indexOf: (...args) => textArg('indexOf', args, 0).indexOf(textArg('indexOf', args, 1)),
  // [D] Of text and arrays.
  length: (...args) => (Array.isArray(args[0]) ? args[0].length : textArg('length', args, 0).length),
  // [D] Hexadecimal where nothing else is asked for.
  sha256: (...args) =>
    args.length === 1
      ? createHash('sha256')
          .update(textArg('sha256', args, 0), 'utf8')
          .digest('hex')
      : refuse('sha256', args),
  // [S] Without blanks, in the order of the members.
  createJSON: (...args: unknown[]) =>
    args[0] === undefined ? refuse('createJSON', args) : JSON.stringify(args[0]),
  // [D]
  round: (...args) => Math.round(numberArg('round', args, 0)),
  // [D] Whether empty parts are kept is not said.
  split: (...args) => {
    const parts = textArg('split', args, 0).split(textArg('split', args, 1));
    return reading().splitDropsEmpty ? parts.map((part) => part.trim()).filter((part) => part !== '') : parts;
  },
  // [D] Of text and arrays.
  contains: (...args) =>
    Array.isArray(args[0])
      ? args[0].includes(args[1])
      : textArg('contains', args, 0).includes(textArg('contains', args, 1)),
  // [D] A member of a collection, or an item of an array counted from 1.
  get: (...args) => {
    const [of, path] = args;
    if (Array.isArray(of) && typeof path === 'number') return of[path - 1] as unknown;
    if (isMembers(of) && typeof path === 'string' && !path.includes('.')) return of[path];
    return refuse('get', args);
  },
  // [D] Of the collections whose `by` is the value, case and all, the members of that name.
  map: (...args) => {
    const [items, name, by, value] = args;
    if (!Array.isArray(items) || [name, by, value].some((each) => typeof each !== 'string'))
      return refuse('map', args);
    return (items as unknown[])
      .filter(isMembers)
      .filter((item) => item[String(by)] === value)
      .map((item) => item[String(name)]);
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
