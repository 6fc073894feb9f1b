import { evaluate, type Rule } from '@onceonly/shared/rules.ts';

/** What is known before a module runs, so that a rule can be worked out up to what only Make will know. */
export interface Facts {
  /** By path; what is not here stays open. */
  readonly known?: Readonly<Record<string, string | number | boolean | null>>;
  /** Paths under these that are not known read as missing. */
  readonly missing?: readonly ('client' | 'answer')[];
  /** What a path can be at all, where that is known: anything else is not asked for. */
  readonly possible?: Readonly<Record<string, (value: string) => boolean>>;
  /** How outputs follow, by their id: a rule that reads one reads what it follows from. */
  readonly outputs?: ReadonlyMap<string, Rule>;
}

type Branches = Readonly<Record<string, Rule>>;

/**
 * The same rule, shorter: outputs replaced by what they follow from, and everything decided that is known. It evaluates
 * to the same for all answers and inputs that agree with the facts, as long as what `match` looks at is text or missing.
 */
export function fold(rule: Rule, facts: Facts): Rule {
  if (rule === null || typeof rule !== 'object') return rule;
  const part = (inner: Rule): Rule => fold(inner, facts);
  if ('get' in rule) return read(rule.get, facts);
  if ('is' in rule) {
    const [subject, ...values] = rule.is;
    return mapLeaves(part(subject), (leaf) => oneOf(leaf, values, facts));
  }
  if ('match' in rule) {
    const [subject, cases, otherwise] = rule.match;
    const folded = Object.fromEntries(Object.entries(cases).map(([name, each]) => [name, part(each)]));
    return mapLeaves(part(subject), (leaf) => matching(leaf, asked(leaf, folded, facts), part(otherwise)));
  }
  if ('if' in rule) return branch(part(rule.if[0]), part(rule.if[1]), part(rule.if[2]));
  if ('not' in rule) {
    const inner = part(rule.not);
    return decide({ not: inner }, [inner]);
  }
  if ('all' in rule) {
    const open = rule.all.map(part).filter((each) => each !== true);
    if (open.includes(false)) return false;
    return open.length === 1 ? (open[0] ?? true) : decide({ all: open }, open);
  }
  if ('less' in rule) {
    const pair = [part(rule.less[0]), part(rule.less[1])] as const;
    return pair.includes(null) ? false : decide({ less: pair }, pair);
  }
  if ('first' in rule) return firstOf(rule.first.map(part));
  if ('join' in rule) return joined(rule.join.map(part));
  if ('times' in rule) {
    const factor = part(rule.times[0]);
    return decide({ times: [factor, rule.times[1]] }, [factor]);
  }
  if ('cut' in rule) {
    const text = part(rule.cut[0]);
    return decide({ cut: [text, rule.cut[1]] }, [text]);
  }
  if ('before' in rule) {
    const [text, word] = rule.before;
    return around((folded) => ({ before: [folded, word] }), part(text));
  }
  if ('after' in rule) {
    const [text, word] = rule.after;
    return around((folded) => ({ after: [folded, word] }), part(text));
  }
  if ('wrap' in rule) return around((value) => ({ wrap: value }), part(rule.wrap));
  if ('unwrap' in rule) return around((value) => ({ unwrap: value }), part(rule.unwrap));
  return around((text) => ({ uuid: text }), part(rule.uuid));
}

/** Applies to every value that a rule may come to, through its cases and branches. */
export function mapLeaves(rule: Rule, to: (leaf: Rule) => Rule): Rule {
  if (isForm(rule) && 'match' in rule) {
    const [subject, cases, otherwise] = rule.match;
    const mapped = Object.entries(cases).map(([name, each]) => [name, mapLeaves(each, to)] as const);
    return matching(subject, Object.fromEntries(mapped), mapLeaves(otherwise, to));
  }
  if (isForm(rule) && 'if' in rule) {
    return branch(rule.if[0], mapLeaves(rule.if[1], to), mapLeaves(rule.if[2], to));
  }
  return to(rule);
}

export type Form = Exclude<Rule, string | number | boolean | null>;

export const isForm = (rule: Rule): rule is Form => rule !== null && typeof rule === 'object';

const same = (left: Rule, right: Rule): boolean => JSON.stringify(left) === JSON.stringify(right);

const NOTHING = { input: {}, client: {}, answer: {}, output: {} };

/** Evaluates a rule whose parts are all known. */
function decide(rule: Rule, parts: readonly Rule[]): Rule {
  if (parts.some(isForm)) return rule;
  const value = evaluate(rule, NOTHING);
  return typeof value === 'object' && value !== null ? rule : value;
}

const around = (form: (inner: Rule) => Rule, inner: Rule): Rule => decide(form(inner), [inner]);

function read(path: string, { known = {}, missing = [], outputs }: Facts): Rule {
  const source = path.slice(0, path.indexOf('.'));
  if (source === 'output') {
    const from = outputs?.get(path.slice('output.'.length));
    if (from === undefined) throw new Error(`${path} is read, but no output of that name comes before.`);
    return from;
  }
  const value = known[path];
  if (value !== undefined) return value;
  return missing.some((each) => each === source) ? null : ({ get: path } as Rule);
}

const canBe = (subject: Rule, value: unknown, { possible = {} }: Facts): boolean =>
  !isForm(subject) ||
  !('get' in subject) ||
  typeof value !== 'string' ||
  (possible[subject.get]?.(value) ?? true);

const asked = (subject: Rule, cases: Branches, facts: Facts): Branches =>
  Object.fromEntries(Object.entries(cases).filter(([name]) => canBe(subject, name, facts)));

function oneOf(subject: Rule, values: readonly (string | number | boolean | null)[], facts: Facts): Rule {
  const [one, ...others] = values.filter((value) => canBe(subject, value, facts));
  return one === undefined ? false : decide({ is: [subject, one, ...others] }, [subject]);
}

function matching(subject: Rule, cases: Branches, otherwise: Rule): Rule {
  if (!isForm(subject)) return cases[evaluate({ join: [subject] }, NOTHING) as string] ?? otherwise;
  if (isForm(otherwise) && 'match' in otherwise && same(otherwise.match[0], subject)) {
    const [, more, last] = otherwise.match;
    return matching(subject, { ...more, ...cases }, last);
  }
  const open = Object.entries(cases).filter(([, each]) => !same(each, otherwise));
  const names = open.map(([name]) => name);
  if (names.length === 0) return otherwise;
  if (
    !names.includes('') &&
    typeof otherwise === 'boolean' &&
    open.every(([, each]) => each === !otherwise)
  ) {
    const found: Rule = { is: [subject, ...names] };
    return otherwise ? { not: found } : found;
  }
  return { match: [subject, Object.fromEntries(open), otherwise] };
}

/** Comes to true or false, and nothing else. */
export function isQuestion(rule: Rule): boolean {
  let sure = true;
  mapLeaves(rule, (leaf) => {
    sure &&= isForm(leaf)
      ? ['is', 'not', 'all', 'less'].some((form) => form in leaf)
      : typeof leaf === 'boolean';
    return leaf;
  });
  return sure;
}

function branch(condition: Rule, then: Rule, otherwise: Rule): Rule {
  if (!isForm(condition)) return condition === true ? then : otherwise;
  if (same(then, otherwise)) return then;
  if (then === true && otherwise === false && isQuestion(condition)) return condition;
  return { if: [condition, then, otherwise] };
}

function firstOf(parts: readonly Rule[]): Rule {
  const open = parts.filter((each) => each !== null && each !== '');
  const sure = open.findIndex((each) => !isForm(each));
  const needed = sure < 0 ? open : open.slice(0, sure + 1);
  const [only = null] = needed;
  return needed.length === 0 || !isForm(only) ? only : { first: needed };
}

function joined(parts: readonly Rule[]): Rule {
  const flat: Rule[] = [];
  for (const part of parts.flatMap((each) => (isForm(each) && 'join' in each ? each.join : [each]))) {
    const last = flat.at(-1);
    if (isForm(part)) flat.push(part);
    else if (typeof last === 'string')
      flat[flat.length - 1] = evaluate({ join: [last, part] }, NOTHING) as string;
    else flat.push(evaluate({ join: [part] }, NOTHING) as string);
  }
  const open = flat.filter((each) => each !== '');
  const words = open.filter((each) => typeof each === 'string');
  return words.length === open.length ? words.join('') : { join: open };
}
