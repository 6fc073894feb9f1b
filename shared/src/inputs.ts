import { OnceOnlyError } from './errors.ts';
import { isTooDeep, MAX_LEVELS, type Json } from './json.ts';
import { LIMITS } from './limits.ts';
import { whyNamesNothing } from './names-nothing.ts';
import { isInexact, LONG_NUMBERS } from './numbers.ts';
import type { Field, Operation, PlatformName } from './operations/operation.ts';

export type Inputs = Readonly<Record<string, Json>>;

/** The default that a platform shows, and that applies if the user enters nothing. */
export function defaultOf(field: Field, platform: PlatformName): string | number | boolean | null {
  if (field.type === 'text' || field.type === 'list' || field.type === 'json') return null;
  if (field.type === 'boolean') return field.default;
  return field.defaultOn?.[platform] ?? field.default ?? null;
}

/**
 * Reads a platform's input as the fields of an operation or a trigger define: it fills in defaults, trims text, and also accepts numbers
 * and yes/no as text. A field without a value is null. Throws `invalid_input`, which names the field.
 */
export function readInputs(
  { fields }: Pick<Operation, 'fields'>,
  given: Readonly<Record<string, unknown>>,
  platform: PlatformName,
): Inputs {
  const inputs: Record<string, Json> = {};
  for (const field of fields) {
    if (!isAsked(field, inputs)) {
      refusePassedOver(field, given[field.id], platform);
      inputs[field.id] = null;
      continue;
    }
    const value = readField(field, given[field.id], platform);
    if (value === null && field.required === true) throw bad(field, 'is empty.');
    inputs[field.id] = value ?? defaultOf(field, platform);
  }
  return inputs;
}

function refusePassedOver(field: Field, given: unknown, platform: PlatformName): void {
  if (field.ifPassedOver === undefined) return;
  const value = readField(field, given, platform);
  if (value !== null && value !== defaultOf(field, platform)) throw bad(field, field.ifPassedOver);
}

/** Whether a field applies, given the choices above it. */
export const isAsked = ({ onlyIf }: Field, chosen: Readonly<Record<string, unknown>>): boolean =>
  onlyIf === undefined || onlyIf.is.some((value) => value === chosen[onlyIf.field]);

const codePoints = (text: string): number => Array.from(text).length;

/** An error about a field, which it names by its label. */
export const bad = (field: Pick<Field, 'id' | 'label'>, what: string): OnceOnlyError =>
  new OnceOnlyError('invalid_input', { field: field.id, detail: `“${field.label}” ${what}` });

function readField(field: Field, given: unknown, platform: PlatformName): Json {
  const value = typeof given === 'string' ? given.trim() : given;
  if (value === undefined || value === null || value === '') return null;
  switch (field.type) {
    case 'text':
      return readText(field, value, platform);
    case 'number':
      return readNumber(field, value);
    case 'boolean':
      return readBoolean(field, value);
    case 'choice': {
      const allowed = field.choices.map((choice) => choice.value);
      if (typeof value === 'string' && allowed.includes(value)) return value;
      throw bad(field, `must be one of: ${allowed.join(', ')}.`);
    }
    case 'list':
      return readList(field, value);
    case 'json':
      // A result is never refused here, since finished work must be completed. `finish.ts` handles one that is too deep.
      if (field.id !== 'result' && isTooDeep(given))
        throw bad(field, `is nested more than ${String(MAX_LEVELS)} levels deep.`);
      return given as Json;
  }
}

/** Why a number cannot be used as text; null if it can. */
function whyNoText(number: number, platform: PlatformName): string | null {
  if (!Number.isFinite(number)) return 'is not a number: something that it was made of is missing.';
  return isInexact(number)
    ? `is a number that has lost its last digits, so two events would share one key. ${LONG_NUMBERS[platform]}`
    : null;
}

function readText(field: Field & { type: 'text' }, value: unknown, platform: PlatformName): string {
  if (typeof value === 'boolean')
    throw bad(
      field,
      `must be text or a number, not just ${String(value)}: that is the same for many events.`,
    );
  if (typeof value !== 'string' && typeof value !== 'number')
    throw bad(field, 'must be text or a number, not a list or an object.');
  const why = typeof value === 'number' ? whyNoText(value, platform) : null;
  if (why !== null) throw bad(field, why);
  const text = String(value);
  if (!text.isWellFormed() || text.includes('\0')) throw bad(field, 'holds a character that cannot be used.');
  const length = codePoints(text);
  if (field.maxLength !== undefined && length > field.maxLength) {
    throw bad(field, `is ${String(length)} characters long; at most ${String(field.maxLength)} can be used.`);
  }
  return text;
}

function readList(field: Field & { type: 'list' }, value: unknown): readonly string[] | null {
  const given: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = given.flatMap((each) => {
    if (typeof each !== 'string' && typeof each !== 'number')
      throw bad(field, 'must be texts, one on each line.');
    return String(each).split(/[\n,]/);
  });
  const list = texts.map((text) => text.trim()).filter((text) => text !== '');
  if (list.length > field.maxItems)
    throw bad(field, `has ${String(list.length)} lines; at most ${String(field.maxItems)} can be used.`);
  return list.length === 0 ? null : list;
}

function readNumber(field: Field & { type: 'number' }, value: unknown): number {
  const number = typeof value === 'string' ? Number(value) : value;
  const fits = typeof number === 'number' && number >= field.min && number <= field.max;
  if (fits && (field.whole !== true || Number.isInteger(number))) return number;
  throw bad(
    field,
    `must be a ${field.whole === true ? 'whole ' : ''}number from ${String(field.min)} to ${String(field.max)}.`,
  );
}

/**
 * A setting of one platform alone, which is off where nothing was given; yes/no is also taken as text. Throws `invalid_input` where
 * it is neither.
 */
export function readSwitch(setting: Pick<Field, 'id' | 'label'>, given: unknown): boolean {
  const value = typeof given === 'string' ? given.trim() : given;
  return value === undefined || value === null || value === '' ? false : readBoolean(setting, value);
}

function readBoolean(field: Pick<Field, 'id' | 'label'>, value: unknown): boolean {
  const word = String(value).toLowerCase();
  if (['true', 'yes', '1'].includes(word)) return true;
  if (['false', 'no', '0'].includes(word)) return false;
  throw bad(field, 'must be yes or no.');
}

/** Checks what concerns several fields. Throws `invalid_input`, which names the field. */
export function checkKey(inputs: Inputs): void {
  const { job, key, group, run_reference: reference } = inputs;
  if (typeof job !== 'string') return;
  // Job "a" with key "b:c" and job "a:b" with key "c" would be one key.
  if (job.includes(':')) {
    throw new OnceOnlyError('invalid_input', {
      field: 'job',
      detail: '“Job Name” must not contain a colon.',
    });
  }
  refuseNothing('job', 'Job Name', job);
  // An empty reference would be the same in every run, so each run would take another's claim for its own.
  if (typeof reference === 'string') refuseNothing('run_reference', 'Run Reference', reference);
  // With an empty group, all runs would wait for each other and, with a version, stop each other.
  if (typeof group === 'string') refuseNothing('group', 'One at a Time For', group, 'wait for one another');
  if (typeof key !== 'string') return;
  refuseNothing('key', 'Key', key);
  const length = codePoints(`${job}:${key}`);
  if (length > LIMITS.keyCodePoints) {
    const detail = `“Job Name” and “Key” together are ${String(length)} characters long; at most ${String(LIMITS.keyCodePoints)} can be used.`;
    throw new OnceOnlyError('invalid_input', { field: 'key', detail });
  }
  // A reference taken from the event is the same for every delivery of it, so each would pass as the first run.
  if (reference === key || reference === `${job}:${key}`) {
    const detail = '“Run Reference” must not be the key. It names this run, and is new for every run.';
    throw new OnceOnlyError('invalid_input', { field: 'run_reference', detail });
  }
}

function refuseNothing(field: string, label: string, text: string, would?: string): void {
  const why = whyNamesNothing(text, would);
  if (why !== null) throw new OnceOnlyError('invalid_input', { field, detail: `“${label}” ${why}` });
}
