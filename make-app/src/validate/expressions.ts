import { type Expression, parseTemplate, partsOf } from '../iml-syntax.ts';
import { textsIn, type Value } from '../json.ts';
import type { App, Problem } from './app.ts';
import { isKnown, scopedSections, type Scope } from './scopes.ts';

/** Built-in functions of IML, as far as the app uses them: an unknown one is saved without a word, and fails every run. */
const FUNCTIONS = [
  ...['if', 'ifempty', 'get', 'toCollection', 'contains', 'keys', 'length', 'split'],
  ...['trim', 'substring', 'indexOf', 'toString', 'sha256', 'base64', 'round'],
  ...['createJSON', 'formatDate', 'parseNumber'],
];

const isConstant = (path: readonly string[]): boolean =>
  path.length === 1 && ['undefined', 'null', 'true', 'false'].includes(path[0] ?? '');

/** Every expression can be read, and names only functions, parameters and variables that there are. */
export function* checkExpressions(app: App): Generator<Problem> {
  const worked = new Set<string>();
  for (const { path, section, scope } of scopedSections(app)) {
    worked.add(path);
    yield* checkIn(path, section, scope);
  }
  for (const [path, file] of app.files) {
    if (worked.has(path) || path.endsWith('.md')) continue;
    for (const [, text] of textsIn(file)) {
      if (text.includes('{{') && !text.includes('{{uuid}}'))
        yield { where: path, what: `An expression does not belong here: ${text}` };
    }
  }
}

function* checkIn(where: string, section: Value | undefined, scope: Scope): Generator<Problem> {
  for (const [at, text] of textsIn(section)) {
    if (text === '{{...}}') continue;
    try {
      for (const part of parseTemplate(text)) {
        if ('expression' in part) yield* checkExpression(`${where}#${at}`, part.expression, scope);
      }
    } catch (error) {
      yield { where: `${where}#${at}`, what: String(error) };
    }
  }
}

function* checkExpression(where: string, whole: Expression, scope: Scope): Generator<Problem> {
  const inner = new Set<Expression>();
  for (const part of partsOf(whole)) {
    if (part.kind === 'call' && !FUNCTIONS.includes(part.name))
      yield { where, what: `IML has no function ${part.name} that this app may use.` };
    if (inner.has(part)) continue;
    const path = pathOf(part, inner);
    if (path !== undefined && !isConstant(path) && !isKnown(path, scope))
      yield { where, what: `There is nothing named ${path.join('.')}.` };
  }
}

/** The names of a path such as `parameters.key`, up to an item of an array; what is within it goes into `inner`. */
function pathOf(expression: Expression, inner: Set<Expression>): readonly string[] | undefined {
  if (expression.kind === 'name') return [expression.name];
  if (expression.kind !== 'member' && expression.kind !== 'item') return undefined;
  inner.add(expression.of);
  const before = pathOf(expression.of, inner);
  return before && expression.kind === 'member' ? [...before, expression.name] : before;
}
