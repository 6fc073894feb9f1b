import type { Path, Rule } from '@onceonly/shared/rules.ts';
import { type Form, isForm, isQuestion, mapLeaves } from './fold.ts';

/** How a module reads what a rule names: `sure` if it is never missing there, `text` if it is sure to be text. */
export interface Reading {
  readonly code: string;
  readonly sure?: 'text' | 'value';
}

export interface Dialect {
  readonly read: (path: Path) => Reading;
  /** What a missing value is written as: `undefined` leaves a member out of a request, `null` keeps it. */
  readonly none: 'undefined' | 'null';
  /** An object or list as it is, text as `{"value": …}`: IML has no literals for objects, so it needs `temp`. */
  readonly wrap?: (code: string) => string;
}

/** A rule as a member of a request or an output: a value as it is, or one IML expression. */
export function toIml(rule: Rule, dialect: Dialect): string | number | boolean | null {
  if (rule === null && dialect.none === 'undefined') return '{{undefined}}';
  if (!isForm(rule)) return rule;
  const code = toCode(rule, dialect);
  const mayBeMissing = 'get' in rule && dialect.read(rule.get).sure !== 'value';
  return `{{${mayBeMissing ? `ifempty(${code}, ${dialect.none})` : code}}}`;
}

/** A rule as an expression, without the braces. Throws for what IML cannot say. */
export function toCode(rule: Rule, dialect: Dialect): string {
  if (rule === null) return dialect.none;
  if (typeof rule === 'string') return quoted(rule);
  if (!isForm(rule)) return String(rule);
  const code = (inner: Rule): string => toCode(inner, dialect);
  const text = (inner: Rule): string => asText(inner, dialect);

  if ('get' in rule) return dialect.read(rule.get).code;
  if ('is' in rule) {
    const [subject, ...values] = rule.is;
    const each = values.map((value) =>
      value === null ? `(${text(subject)} == '')` : `(${code(subject)} == ${code(value)})`,
    );
    return each.length === 1 ? each.join('') : `(${each.join(' || ')})`;
  }
  if ('less' in rule) return lessThan(rule.less[0], rule.less[1], dialect);
  if ('not' in rule) return `!${condition(rule.not, dialect)}`;
  if ('all' in rule) return `(${rule.all.map((each) => condition(each, dialect)).join(' && ')})`;
  if ('if' in rule) return `if(${condition(rule.if[0], dialect)}, ${code(rule.if[1])}, ${code(rule.if[2])})`;
  if ('match' in rule) {
    const [subject, cases, otherwise] = rule.match;
    return Object.entries(cases).reduceRight((rest, [name, each]) => {
      const found = name === '' ? `${text(subject)} == ''` : `${code(subject)} == ${quoted(name)}`;
      return `if(${found}, ${code(each)}, ${rest})`;
    }, code(otherwise));
  }
  if ('first' in rule) {
    const last = rule.first.at(-1) ?? null;
    const parts = isForm(last) && !isNeverEmpty(last) ? [...rule.first, null] : rule.first;
    return parts
      .slice(0, -1)
      .reduceRight((rest: string, each) => `ifempty(${code(each)}, ${rest})`, code(parts.at(-1) ?? null));
  }
  if ('join' in rule) {
    const parts = rule.join.map(text);
    // Two numbers at the start would be added up.
    const isText = rule.join.slice(0, 2).some((each) => isSurelyText(each, dialect));
    if (parts.length === 1 && isText) return parts.join('');
    return `(${[...(isText ? [] : ["''"]), ...parts].join(' + ')})`;
  }
  if ('times' in rule) return product(rule.times[0], rule.times[1], dialect);
  if ('cut' in rule) return `substring(${text(rule.cut[0])}, 0, ${String(rule.cut[1])})`;
  if ('before' in rule) {
    const [whole, word] = [text(rule.before[0]), quoted(rule.before[1])];
    return `substring(${whole}, 0, indexOf(${whole} + ${word}, ${word}))`;
  }
  if ('after' in rule) {
    const [whole, word] = [text(rule.after[0]), quoted(rule.after[1])];
    const from = `indexOf(${whole} + ${word}, ${word}) + ${String(rule.after[1].length)}`;
    return `substring(${whole}, ${from}, length(${whole}))`;
  }
  if ('wrap' in rule) {
    if (dialect.wrap === undefined) throw new Error('Only a request can wrap a value.');
    return dialect.wrap(code(rule.wrap));
  }
  if ('unwrap' in rule) return unwrapped(code(rule.unwrap), dialect.none);
  const hash = `sha256(${text(rule.uuid)})`;
  const cut = (from: number, to: number): string => `substring(${hash}, ${String(from)}, ${String(to)})`;
  return `(${[cut(0, 8), cut(8, 12), cut(12, 16), cut(16, 20), cut(20, 32)].join(" + '-' + ")})`;
}

/** A rule where IML asks yes or no. */
export function condition(rule: Rule, dialect: Dialect): string {
  return isQuestion(rule) ? toCode(rule, dialect) : `(${toCode(rule, dialect)} == true)`;
}

/** Text between quotation marks. How IML escapes inside them is not documented, so nothing is that would need it. */
export function quoted(text: string): string {
  if (/[\\\n\r]|\{\{|\}\}/.test(text)) throw new Error(`IML has no safe way to write: ${text}`);
  if (!text.includes("'")) return `'${text}'`;
  if (!text.includes('"')) return `"${text}"`;
  throw new Error(`IML has no safe way to write both kinds of quotation marks: ${text}`);
}

/** As text, '' where it is missing: what `+` does with a missing value is not documented. */
function asText(rule: Rule, dialect: Dialect): string {
  const code = toCode(rule, dialect);
  return isSurelyText(rule, dialect) ? code : `ifempty(${code}, '')`;
}

function isSurelyText(rule: Rule, dialect: Dialect): boolean {
  let sure = true;
  mapLeaves(rule, (leaf) => {
    sure &&= isForm(leaf) ? isTextForm(leaf, dialect) : typeof leaf === 'string';
    return leaf;
  });
  return sure;
}

/** Joined with a word, it is text whatever else is missing. */
const isNeverEmpty = (rule: Rule): boolean =>
  isForm(rule) && 'join' in rule && rule.join.some((each) => typeof each === 'string' && each !== '');

function isTextForm(form: Form, dialect: Dialect): boolean {
  if ('get' in form) return dialect.read(form.get).sure === 'text';
  if ('first' in form) return form.first.some((each) => typeof each === 'string' || isNeverEmpty(each));
  return ['join', 'cut', 'before', 'after', 'uuid'].some((name) => name in form);
}

function isSure(rule: Rule, dialect: Dialect): boolean {
  if (!isForm(rule)) return rule !== null;
  if ('times' in rule) return isSure(rule.times[0], dialect);
  return 'get' in rule && dialect.read(rule.get).sure !== undefined;
}

/** False where either is missing. */
function lessThan(left: Rule, right: Rule, dialect: Dialect): string {
  const [a, b] = [toCode(left, dialect), toCode(right, dialect)];
  const side = (rule: Rule, own: string, other: string): string =>
    isSure(rule, dialect) ? own : `ifempty(${own}, ${other})`;
  return `(${side(left, a, b)} < ${side(right, b, a)})`;
}

function product(rule: Rule, factor: number, dialect: Dialect): string {
  const code = toCode(rule, dialect);
  if (isSure(rule, dialect)) return `round(${code} * ${String(factor)})`;
  return `if(ifempty(${code}, false), round(ifempty(${code}, 0) * ${String(factor)}), ${dialect.none})`;
}

/** `{"value": text}` is the text: only there is the value equal to itself as text, since `==` is strict. */
function unwrapped(code: string, none: string): string {
  const object = `ifempty(${code}, body)`;
  const value = `get(${object}, 'value')`;
  const isText = `(length(keys(${object})) == 1) && (toString(ifempty(${value}, '')) == ${value})`;
  return `if(${isText}, ${value}, ifempty(${code}, ${none}))`;
}
