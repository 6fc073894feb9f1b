import { isInexact, LONG_NUMBERS, newInEachRun, OnceOnlyError, type Field } from '@onceonly/shared';
import { partsOf } from './expression.ts';

/** The fields that tell one event from another. */
const NAMING: readonly string[] = ['job', 'key', 'fingerprint', 'group', 'sequence'];

/** The parameters of the node, for one item. */
export interface Parameters {
  /** As it was entered, with its expressions. */
  raw(name: string): unknown;
  /** What it comes to. */
  value(name: string): unknown;
  evaluate(expression: string): unknown;
  item(): unknown;
}

export interface Checked {
  /** Of which values nobody can tell whether they are missing: sentences. */
  readonly doubts: readonly string[];
  /** What the field comes to, where a date is part of it. */
  readonly text?: string;
}

const NOTHING_TO_SAY: Checked = { doubts: [] };

/** An expression within text. n8n ends it at the first braces that are not escaped, too. */
const EXPRESSION = /(?<!\\)\{\{(?:\\\}\}|[\s\S])*?\}\}/g;

/** What JavaScript makes, within text, of a value that is missing, is no number or no date, or is an object. */
const MISSING_IN_TEXT = /undefined|null|NaN|Invalid Date|\[object \w+\]/;

/**
 * Looks at each expression of a field by itself, and at each value in it: n8n puts nothing in the place of a value that is missing,
 * and JavaScript a word, so that `{{ $json.event }}:{{ $json.order.id }}` and `{{ 'order-' + $json.id }}` would be one key for
 * all events without an order. Throws `invalid_input`, which names the field and the value.
 */
export function checkParts(parameters: Parameters, field: Field, path: string): Checked {
  if (!NAMING.includes(field.id)) return NOTHING_TO_SAY;
  const raw = parameters.raw(path);
  if (typeof raw !== 'string' || !raw.startsWith('=')) return NOTHING_TO_SAY;
  const label = field.label.toLowerCase();
  const values: unknown[] = [];
  const doubts = [...raw.matchAll(EXPRESSION)].flatMap(([expression]) => {
    const evaluate = (part: string): unknown => {
      try {
        return parameters.evaluate(`{{ ${escape(part)} }}`);
      } catch {
        // There is something, which n8n does not show by itself: DateTime is not a value, DateTime.now() is one.
        return part;
      }
    };
    // An expression that is all of the field has been evaluated for it.
    const value = raw === `=${expression}` ? parameters.value(path) : parameters.evaluate(expression);
    values.push(value);
    const code = unescape(expression.slice(2, -2)).trim();
    const bad = (detail: string): OnceOnlyError =>
      new OnceOnlyError('invalid_input', { field: field.id, detail });
    const refuse = (detail: string): never => {
      throw bad(`Part of the ${label} is missing: ${detail}`);
    };
    const { parts = [], known = false } = partsOf(code, evaluate) ?? {};
    const doubts: string[] = [];
    if (['job', 'key'].includes(field.id)) {
      const time = [code, ...parts.flatMap((part) => (part.sure ? part.code : []))].find(isOfRun);
      if (time !== undefined) throw bad(newInEachRun(field.label, time));
    }
    for (const part of parts.filter((each) => each.code !== code)) {
      const partly = evaluate(part.code);
      if (partly instanceof Date && part.sure && typeof value === 'string' && part.isAsked !== true)
        doubts.push(
          `In ${expression}, ${part.code} is a date, which loses the fraction of its second there. Two changes in one second would count as one. Write ${part.code}.toISOString() instead.`,
        );
      const why = whyMissing(partly, part.code);
      const isMissing = part.isAsked === true || !part.sure ? isNothing(partly) : why !== null;
      if (!isMissing) continue;
      if (part.sure) refuse(`in ${expression}, ${part.code} ${why ?? 'is missing.'}`);
      doubts.push(
        `In ${expression}, ${part.code} is missing. If the ${label} is made of it, all events without it share one. OnceOnly cannot tell.`,
      );
    }
    const why = whyMissing(value, code);
    if (why !== null) refuse(`${expression} ${why}`);
    if (known || typeof value !== 'string') return doubts;
    const word = MISSING_IN_TEXT.exec(value)?.[0];
    if (word === undefined) return doubts;
    const came = `${expression} came to “${value}”`;
    const brought = parts.some((part) => holds(evaluate(part.code), word)) || holds(parameters.item(), word);
    if (!brought && !code.includes(word)) {
      refuse(`${came}, so something in it is missing. All events without it would share one key.`);
    }
    return [
      ...doubts,
      `${came}. If the word “${word}” does not come from the event, something is missing. OnceOnly cannot tell.`,
    ];
  });
  if (!values.some(isTime)) return { doubts };
  return { doubts, text: raw.slice(1).replace(EXPRESSION, () => asText(values.shift())) };
}

const NOW =
  /^(?:\$now|DateTime\.(?:now|local|utc)\(\)|Date\.now\(\)|new Date\(\)|Math\.random\(\)|crypto\.randomUUID\(\))/;
/** What keeps it as exact as it is; `format('yyyy-MM-dd')` makes a day of it, which many runs have. */
const AS_IT_IS =
  /^(?:\.(?:ts|to(?:Millis|ISO|ISOString|String|Seconds|UnixInteger|JSDate|JSON|UTC)\(\)|valueOf\(\)|getTime\(\)))*$/;

/** Whether no other run has this value. */
const isOfRun = (code: string): boolean => NOW.test(code) && AS_IT_IS.test(code.replace(NOW, ''));

/** Whether a key takes nothing from the item: it was typed in, or is made of what all runs of the workflow have. */
export function isSameForAll(raw: unknown): boolean {
  if (typeof raw !== 'string') return typeof raw === 'number';
  if (raw.trim() === '') return false;
  return !raw.startsWith('=') || [...raw.matchAll(EXPRESSION)].every(([each]) => OF_ALL_RUNS.test(each));
}

/** A literal, or what all runs have alike: the workflow, and the number of an item or a round in its run. */
const OF_ALL_RUNS =
  /^\{\{\s*(?:\$(?:(?:workflow|env|vars)\.\w+|itemIndex|runIndex)|'[^']*'|"[^"]*"|\d+)\s*\}\}$/;

/** JavaScript writes a date into text without the fraction of its second, so that two changes in one second would be one. */
const asText = (value: unknown): string => (value instanceof Date ? value.toISOString() : String(value));

/** n8n takes braces that close for the end of an expression, unless they are escaped. */
const escape = (code: string): string => code.replaceAll('}}', '\\}}');
const unescape = (code: string): string => code.replaceAll('\\}}', '}}');

/**
 * A key of several expressions, as a tool of an AI agent: a model fills them in, and may write the colon between them into
 * one, so that `a:b` and `c` would be the key of `a` and `b:c`. Undefined where the field is not made of several.
 */
export function keyOfParts(parameters: Parameters, path: string): string | undefined {
  const raw = parameters.raw(path);
  if (typeof raw !== 'string' || !raw.startsWith('=') || [...raw.matchAll(EXPRESSION)].length < 2)
    return undefined;
  return raw.slice(1).replace(EXPRESSION, (expression) => {
    const part = parameters.evaluate(expression);
    return (typeof part === 'string' ? part : JSON.stringify(part))
      .replaceAll('%', '%25')
      .replaceAll(':', '%3A');
  });
}

/** Null where the value can be a part of a key. Text counts as it is: what it holds is the event's own. */
function whyMissing(value: unknown, code: string): string | null {
  switch (typeof value) {
    case 'string':
      if (value.trim() === '') return isEmpty(code);
      return code.includes('(') && NO_DATE.test(value) ? IS_NO_DATE : null;
    case 'number':
      if (!Number.isFinite(value)) return IS_NO_NUMBER;
      return isInexact(value)
        ? `is a number that has lost its last digits, so two events would share one key. ${LONG_NUMBERS.n8n}`
        : null;
    case 'boolean':
    case 'bigint':
      return null;
    default:
      if (value === null || value === undefined) return isEmpty(code);
      if (!isTime(value)) return 'is a list or an object. Use the field of it that tells events apart.';
      return isNoDate(value) ? IS_NO_DATE : null;
  }
}

function isEmpty(code: string): string {
  const instead = /^\$[\w$.?[\]'"()]+$/.test(code) ? `{{ ${code} || 'none' }}` : "{{ … || 'none' }}";
  return `is empty. All events without it would share one key. Use a field that every event has, or filter out events without it. If they are to share one key, enter ${instead}`;
}

const IS_NO_NUMBER = 'is not a number: something in it is missing.';
const IS_NO_DATE = 'is not a date: something in it is missing.';
const NO_DATE = /^Invalid Date(?:Time)?$/;

const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  Number.isNaN(value) ||
  (typeof value === 'string' && value.trim() === '');

/** Whether text within a value holds a word; what is null in it is that word in JSON. */
function holds(value: unknown, word: string): boolean {
  if (typeof value === 'string' || value === null) return String(value).includes(word);
  return typeof value === 'object' && Object.values(value).some((each) => holds(each, word));
}

const isNoDate = (value: object): boolean =>
  value instanceof Date ? Number.isNaN(value.getTime()) : 'isValid' in value && value.isValid === false;

/** A point in time reads as ISO-8601. */
const isTime = (value: unknown): boolean =>
  value instanceof Date || (typeof value === 'object' && value !== null && 'isLuxonDateTime' in value);
