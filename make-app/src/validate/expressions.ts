import { type Expression, parseTemplate, partsOf } from '../iml-syntax.ts';
import { textsIn, type Value, wordOf } from '../json.ts';
import {
  communicationsOf,
  componentsOf,
  list,
  members,
  requestsOf,
  type App,
  type ComponentOfApp,
  type Problem,
} from './app.ts';

/** Built-in functions of IML, as far as the app uses them: an unknown one is saved without a word, and fails every run. */
const FUNCTIONS = [
  ...['if', 'ifempty', 'get', 'toCollection', 'contains', 'keys', 'length', 'split'],
  ...['trim', 'substring', 'indexOf', 'toString', 'sha256', 'base64', 'round'],
];

/** By the first name of a path. */
const VARIABLES = ['parameters', 'connection', 'temp', 'body', 'headers', 'statusCode', 'item'];
const CONSTANTS = ['undefined', 'null', 'true', 'false'];

/** Every expression can be read, and names only functions, parameters and variables that there are. */
export function* checkExpressions(app: App): Generator<Problem> {
  const kept = keptByConnections(app);
  const base = wordOf(members(app.manifest['generalCodeFiles'])['base']);
  yield* checkIn(base, app.files.get(base), (path) => isKnown(path, [], kept, []));
  for (const each of componentsOf(app, 'connection')) {
    const names = namesOf(each, 'params');
    yield* checkIn(each.path('communication'), each.section('communication'), (path) =>
      isKnown(path, names, [], []),
    );
  }
  for (const each of componentsOf(app, 'module')) {
    const names = [...namesOf(each, 'staticParams'), ...namesOf(each, 'mappableParams')];
    const temps = requestsOf(each.section('communication')).flatMap((request) =>
      [request['temp'], members(request['response'])['temp']].flatMap((temp) => Object.keys(members(temp))),
    );
    yield* checkIn(each.path('communication'), each.section('communication'), (path) =>
      isKnown(path, names, kept, temps),
    );
  }
  // Elsewhere nothing is worked out.
  const worked = new Set(communicationsOf(app).map(([path]) => path));
  for (const [path, file] of app.files) {
    if (worked.has(path) || path.endsWith('.md')) continue;
    for (const [, text] of textsIn(file)) {
      if (text.includes('{{') && !text.includes('{{uuid}}'))
        yield { where: path, what: `An expression does not belong here: ${text}` };
    }
  }
}

const namesOf = (component: ComponentOfApp, section: string): readonly string[] =>
  list(component.section(section)).map((each) => wordOf(members(each)['name']));

/** What modules find in `connection`: the parameters, and what the connection keeps. */
function keptByConnections(app: App): readonly string[] {
  return componentsOf(app, 'connection').flatMap((each) => [
    ...namesOf(each, 'params'),
    ...requestsOf(each.section('communication')).flatMap((request) =>
      Object.keys(members(members(request['response'])['data'])),
    ),
  ]);
}

function isKnown(
  path: readonly string[],
  parameters: readonly string[],
  kept: readonly string[],
  temps: readonly string[],
): boolean {
  const [root = '', name = ''] = path;
  if (path.length === 1 && CONSTANTS.includes(root)) return true;
  if (!VARIABLES.includes(root)) return false;
  if (root === 'parameters') return parameters.includes(name);
  if (root === 'connection') return kept.includes(name);
  return root !== 'temp' || temps.includes(name);
}

function* checkIn(
  where: string,
  section: Value | undefined,
  known: (path: readonly string[]) => boolean,
): Generator<Problem> {
  for (const [at, text] of textsIn(section)) {
    if (text === '{{...}}') continue;
    try {
      for (const part of parseTemplate(text)) {
        if ('expression' in part) yield* checkExpression(`${where}#${at}`, part.expression, known);
      }
    } catch (error) {
      yield { where: `${where}#${at}`, what: String(error) };
    }
  }
}

function* checkExpression(
  where: string,
  whole: Expression,
  known: (path: readonly string[]) => boolean,
): Generator<Problem> {
  const inner = new Set<Expression>();
  for (const part of partsOf(whole)) {
    if (part.kind === 'call' && !FUNCTIONS.includes(part.name))
      yield { where, what: `IML has no function ${part.name} that this app may use.` };
    if (inner.has(part)) continue;
    const path = pathOf(part, inner);
    if (path !== undefined && !known(path))
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
