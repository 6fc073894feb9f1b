import { type Expression, parseTemplate, type Part } from './iml-syntax.ts';
import { FUNCTIONS, UnknownIml } from './functions.ts';
import { reading } from './reading.ts';

/*
 * Evaluates the IML that the app emits, and fails loudly on whatever Make may treat in another way.
 *
 * [D] documented (developers.make.com, block-elements/iml): `==` and `!=` (see reading.ts); `+` joins text; `&&`, `||`, `!`;
 *     arrays begin at 1; a member of what is missing is missing.
 * [A] assumed: a string that is one expression keeps the expression's type; between other text, what is missing adds
 *     nothing; a member that comes out undefined is left out; `{{...}}` as a name spreads a collection.
 */

export type Variables = Readonly<Record<string, unknown>>;

const CONSTANTS: Variables = { true: true, false: false, null: null, undefined: undefined };

/** Any part of a section with its expressions replaced by their values. */
export function render(value: unknown, variables: Variables): unknown {
  if (typeof value === 'string') return renderText(value, variables);
  if (Array.isArray(value)) return value.map((each: unknown) => render(each, variables));
  if (typeof value !== 'object' || value === null) return value;
  const members: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value)) {
    const rendered = render(each, variables);
    if (name === '{{...}}') Object.assign(members, rendered ?? {});
    else if (rendered !== undefined) members[name] = rendered;
  }
  return members;
}

/** What a user maps into a field of a scenario's module, with the bundles of the modules before it by their numbers. */
export const renderMapped = (text: string, bundles: Variables): unknown =>
  renderParts(parseTemplate(text, 'scenario'), bundles);

export const renderText = (text: string, variables: Variables): unknown =>
  renderParts(parseTemplate(text), variables);

function renderParts(parts: readonly Part[], variables: Variables): unknown {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && 'expression' in only)
    return evaluate(only.expression, variables);
  return parts
    .map((part) => ('text' in part ? part.text : asText(evaluate(part.expression, variables))))
    .join('');
}

function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new UnknownIml(`How ${JSON.stringify(value)} reads between other text is not known.`);
}

function evaluate(expression: Expression, variables: Variables): unknown {
  const value = (inner: Expression): unknown => evaluate(inner, variables);
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'name': {
      const known = { ...variables, ...CONSTANTS };
      if (!Object.hasOwn(known, expression.name))
        throw new UnknownIml(`There is no variable ${expression.name}.`);
      return known[expression.name];
    }
    case 'member':
      return memberOf(value(expression.of), expression.name);
    case 'item': {
      const of = value(expression.of);
      return Array.isArray(of) ? (of[expression.position - 1] as unknown) : undefined;
    }
    case 'call': {
      const run = Object.hasOwn(FUNCTIONS, expression.name) ? FUNCTIONS[expression.name] : undefined;
      if (run === undefined) throw new UnknownIml(`There is no function ${expression.name}.`);
      return run(...expression.args.map(value));
    }
    case 'not':
      return !value(expression.of);
    case 'binary':
      return calculate(expression.operator, value(expression.left), value(expression.right));
  }
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

function calculate(operator: string, left: unknown, right: unknown): unknown {
  if (operator === '==') return equal(left, right);
  if (operator === '!=') return !equal(left, right);
  if (operator === '&&') return Boolean(left) && Boolean(right);
  if (operator === '||') return Boolean(left) || Boolean(right);
  if (typeof left === 'number' && typeof right === 'number') {
    if (operator === '<') return left < right;
    if (operator === '>') return left > right;
    if (operator === '*') return left * right;
    if (operator === '+') return left + right;
  }
  const isWord = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';
  if (operator === '+' && isWord(left) && isWord(right)) return String(left) + String(right);
  throw new UnknownIml(`${JSON.stringify(left)} ${operator} ${JSON.stringify(right)} is not known to work.`);
}

function equal(left: unknown, right: unknown): boolean {
  if (left === right || !reading().looseEquality) return left === right;
  const isNone = (value: unknown): boolean => value === undefined || value === null;
  if (isNone(left) || isNone(right)) return isNone(left) && isNone(right);
  const isSimple = (value: unknown): boolean => typeof value !== 'object';
  return isSimple(left) && isSimple(right) && typeof left !== typeof right && Number(left) === Number(right);
}
