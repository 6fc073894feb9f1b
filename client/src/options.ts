import { LIMITS } from '@onceonly/shared/limits.ts';
import { whyNamesNothing } from '@onceonly/shared/names-nothing.ts';
import { isInexact } from '@onceonly/shared/numbers.ts';
import { hashOf } from '@onceonly/shared/sources/canonical.ts';
import { isObject, type Json } from '@onceonly/shared/json.ts';
import { OnceOnlyError } from './once-only-error.ts';
import { whyNotJson } from './result-json.ts';
import type { Duration, OnceOptions } from './types.ts';

/** What a call asks for, in the terms of the service. */
export interface Asked {
  /** The job and the key, with a colon between them. */
  readonly key: string;
  readonly ttlSeconds: number;
  readonly waitMs: number;
  /** Null leaves it to the service. */
  readonly retentionSeconds: number | null;
  readonly onExpired: 'block' | null;
  readonly maxAttempts: number | null;
  readonly fingerprint: string | null;
}

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DAY_SECONDS = UNITS.d / 1_000;
const HOLD_SECONDS = 600;
const WAIT_MS = 20_000;

/** The options that concern neither the content nor what came of the work: every adapter has them. */
export const ALWAYS = ['holdFor', 'remember', 'ifDied', 'attempts', 'wait'] as const;
export const OPTIONS: readonly (keyof OnceOptions)[] = [...ALWAYS, 'fingerprint', 'verify'];

type Options = Omit<OnceOptions, 'verify'> & { readonly verify?: unknown };

/** Checks the job and the options that all calls of an adapter share, so that a wrong one shows before the first call. */
export function checkShared(job: string, options: Options): void {
  readAsked(job, 'any', options);
}

/** @throws {OnceOnlyError} `invalid`, which names what is wrong: `job`, `key` or an option. */
export function readAsked(job: string, key: string | number, options: Options): Asked {
  checkNames(options, OPTIONS);
  const { holdFor, remember, ifDied = 'retry', attempts, wait, fingerprint, verify } = options;
  if (!['retry', 'ask'].includes(ifDied)) throw invalid('ifDied', "has to be 'retry' or 'ask'.");
  if (verify !== undefined && typeof verify !== 'function') throw invalid('verify', 'has to be a function.');
  return {
    key: readKey(job, key),
    ttlSeconds: holdFor === undefined ? HOLD_SECONDS : seconds('holdFor', holdFor, LIMITS.ttlSeconds),
    waitMs: wait === undefined ? WAIT_MS : seconds('wait', wait, { min: 0, max: DAY_SECONDS }) * 1_000,
    retentionSeconds: remember === undefined ? null : seconds('remember', remember, LIMITS.retentionSeconds),
    onExpired: ifDied === 'ask' ? 'block' : null,
    maxAttempts: attempts === undefined ? null : readAttempts(attempts),
    fingerprint: fingerprint === undefined ? null : readFingerprint(fingerprint),
  };
}

/** Refuses what is no object, and a name that is no option: it would count for nothing. */
export function checkNames(options: unknown, names: readonly string[]): void {
  if (!isObject(options)) throw invalid('options', 'has to be an object.');
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) throw invalid(unknown, `is no option. There are ${names.join(', ')}.`);
}

/** An option that is set and that the hosted service lacks; undefined if there is none. */
export function needsMore({ retentionSeconds, onExpired, maxAttempts, fingerprint }: Asked) {
  if (retentionSeconds !== null) return 'remember';
  if (onExpired !== null) return 'ifDied';
  if (maxAttempts !== null) return 'attempts';
  return fingerprint === null ? undefined : 'fingerprint';
}

export const invalid = (name: string, what: string): OnceOnlyError =>
  new OnceOnlyError('invalid', `“${name}” ${what}`);

function readKey(job: unknown, key: unknown): string {
  const text = readName('job', job);
  // Job "a" with key "b:c" and job "a:b" with key "c" would be one key.
  if (text.includes(':')) throw invalid('job', 'must not contain a colon.');
  const whole = `${text}:${readName('key', key)}`;
  const length = Array.from(whole).length;
  if (length > LIMITS.keyCodePoints)
    throw invalid(
      'key',
      `and “job” together are ${String(length)} characters long; at most ${String(LIMITS.keyCodePoints)} can be used.`,
    );
  return whole;
}

/** What a missing value looks like after it was turned into text. */
const MISSING = ['undefined', 'null', 'NaN'];

/** Why a text is not usable as a name, as the rest of a sentence that begins with what it is; null if it is usable. */
export const whyNoName = (text: string): string | null =>
  MISSING.includes(text.trim())
    ? `is the text “${text}”: a value is missing. All such events would share one key.`
    : whyNamesNothing(text);

/** Reads a key, or a part of one. */
export function readName(name: string, given: unknown): string {
  if (typeof given === 'number' && (!Number.isFinite(given) || isInexact(given)))
    throw invalid(name, `is ${String(given)}, which stands for several numbers. Hand it on as text.`);
  if (typeof given !== 'string' && typeof given !== 'number')
    throw invalid(name, `has to be text or a number; it is ${given === null ? 'null' : typeof given}.`);
  const text = String(given);
  const why = whyNoName(text);
  if (why !== null) throw invalid(name, why);
  if (text.trim() !== text) throw invalid(name, 'begins or ends with a blank, which counts nowhere else.');
  if (!text.isWellFormed() || text.includes('\0'))
    throw invalid(name, 'holds NUL or half a character, which no key can.');
  return text;
}

interface Range {
  /** Seconds. */
  readonly min: number;
  readonly max: number;
}

/** In whole seconds, rounded up. */
const seconds = (name: string, given: Duration, range: Range): number =>
  Math.ceil(milliseconds(name, given, range) / 1_000);

export function milliseconds(name: string, given: unknown, { min, max }: Range): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(String(given)) ?? [];
  const ms =
    typeof given === 'number' ? given : number === undefined ? NaN : Number(number) * UNITS[unit as 'ms'];
  if (!Number.isFinite(ms) || typeof given === 'object')
    throw invalid(
      name,
      `is ${shown(given)}: write it as '250ms', '20s', '10m', '2h' or '30d', or in milliseconds.`,
    );
  if (ms >= min * 1_000 && ms <= max * 1_000) return ms;
  throw invalid(name, `is ${shown(given)}; it has to be from ${inWords(min)} to ${inWords(max)}.`);
}

const shown = (given: unknown): string =>
  typeof given === 'string' ? `'${given}'` : typeof given === 'number' ? String(given) : typeof given;

const inWords = (ofSeconds: number): string =>
  ofSeconds % DAY_SECONDS === 0 && ofSeconds > 0
    ? `'${String(ofSeconds / DAY_SECONDS)}d'`
    : `'${String(ofSeconds)}s'`;

function readAttempts(given: unknown): number {
  const { min, max } = LIMITS.maxAttempts;
  if (typeof given === 'number' && Number.isInteger(given) && given >= min && given <= max) return given;
  throw invalid('attempts', `has to be a whole number from ${String(min)} to ${String(max)}.`);
}

function readFingerprint(given: unknown): string {
  const not = whyNotJson(given);
  if (not === undefined) return hashOf(given as Json);
  throw invalid('fingerprint', `has to be JSON: “fingerprint${not.path}” is ${not.what}.`);
}
