import { APP_PREFIX } from '../deploy/blueprints.ts';
import { textsIn, type Members, wordOf } from '../json.ts';
import { componentsOf, isInstant, list, members, parametersIn, type App, type Problem } from './read-app.ts';

/**
 * Minutes after which Make runs a module again that could not be reached, or said "later":
 * https://help.make.com/automatic-retry-of-incomplete-executions
 */
export const TRIED_AGAIN_AFTER = [1, 11, 21, 51, 81, 111, 291, 471] as const;

/**
 * A scenario to import: its modules exist, their fields are such as there are, and they read only what comes before them
 * on the way.
 */
export function* checkBlueprint(app: App, where: string, blueprint: Members): Generator<Problem> {
  for (const name of ['name', 'flow', 'metadata']) {
    if (blueprint[name] === undefined) yield { where, what: `${name} is missing.` };
  }
  const scenario = members(members(blueprint['metadata'])['scenario']);
  if (scenario['dlq'] !== true) yield { where, what: 'It does not store incomplete executions.' };
  const seen = new Set<number>();
  const flow = list(blueprint['flow']).map(members);
  yield* checkFlow(app, where, flow, new Map(), seen);
  yield* checkHold(where, flow);
}

/**
 * A claim outlasts every try of the work, or two runs do it; and Make tries a claim whose answer was lost again when it
 * is over, or nobody does the work.
 */
function* checkHold(where: string, flow: readonly Members[]): Generator<Problem> {
  const last = Math.max(...TRIED_AGAIN_AFTER);
  for (const [at, step] of flow.entries()) {
    if (step['module'] !== `${APP_PREFIX}claimKey`) continue;
    const tried = Math.max(...flow.slice(at + 1).map((work) => minutesOfTries(work, last)));
    const held = Number(members(step['mapper'])['hold_minutes'] ?? 60);
    if (held <= tried)
      yield { where, what: `The work is tried for ${String(tried)} minutes, and held for less.` };
    if (held >= last) yield { where, what: 'Held for longer than Make tries a claim again.' };
  }
}

function minutesOfTries(step: Members, without: number): number {
  if (wordOf(step['module']).startsWith(APP_PREFIX)) return 0;
  const handler = list(step['onerror'])
    .map(members)
    .find(({ module }) => module === 'builtin:Break');
  const { count, interval } = members(handler?.['mapper']);
  return handler === undefined ? without : Number(count) * Number(interval);
}

type Before = ReadonlyMap<number, Members>;

function* checkFlow(
  app: App,
  where: string,
  flow: readonly Members[],
  before: Before,
  seen: Set<number>,
): Generator<Problem> {
  const known = new Map(before);
  for (const step of flow) {
    const id = Number(step['id']);
    const at = `${where}, module ${wordOf(id)}`;
    if (!Number.isInteger(id) || seen.has(id)) yield { where: at, what: 'Its id is no number of its own.' };
    seen.add(id);
    yield* checkStep(app, at, step, known.size === 0);
    for (const part of ['mapper', 'filter']) yield* checkReferences(app, at, step[part], known);
    known.set(id, step);
    const handler = list(step['onerror']).map(members);
    yield* checkHandler(at, handler);
    yield* checkFlow(app, where, handler, known, seen);
  }
}

/** Whoever delivered the event was answered already: what fails must be kept, and must not be done twice. */
function* checkHandler(where: string, handler: readonly Members[]): Generator<Problem> {
  const modules = handler.map(({ module }) => wordOf(module));
  if (modules.includes('builtin:Ignore')) yield { where, what: 'Ignore drops the event.' };
  if (modules.includes('builtin:Break') && modules.includes(`${APP_PREFIX}failKey`))
    yield { where, what: 'Break runs it again, although a freed key lets another run do it meanwhile.' };
}

function* checkStep(app: App, where: string, step: Members, isFirst: boolean): Generator<Problem> {
  const name = wordOf(step['module']);
  if (!name.startsWith(APP_PREFIX)) {
    if (!/^[a-z-]+:\w+$/.test(name)) yield { where, what: `${name} is no module.` };
    return;
  }
  const module = componentsOf(app, 'module').find(({ id }) => name === APP_PREFIX + id);
  if (module === undefined) {
    yield { where, what: `The app has no module ${name}.` };
    return;
  }
  if (isInstant(module) && !isFirst) yield { where, what: `${name} must be the first module.` };
  const mapper = members(step['mapper']);
  const fields = parametersIn(module.section('mappableParams'), mapper);
  for (const field of Object.keys(mapper)) {
    if (!fields.some((each) => each['name'] === field))
      yield { where, what: `${name} has no field ${field}.` };
  }
  for (const field of fields) {
    if (field['required'] === true && mapper[wordOf(field['name'])] === undefined)
      yield { where, what: `${wordOf(field['name'])} is missing.` };
  }
}

/** `{{3.claim_token}}` reads an output of module 3. */
function* checkReferences(
  app: App,
  where: string,
  value: Members[string],
  known: Before,
): Generator<Problem> {
  for (const [, text] of textsIn(value)) {
    for (const [, id, output] of text.matchAll(/\{\{(\d+)\.(\w+)/g)) {
      const step = known.get(Number(id));
      if (step === undefined) yield { where, what: `Nothing with the id ${wordOf(id)} comes before it.` };
      const name = wordOf(step?.['module']);
      const module = componentsOf(app, 'module').find((each) => name === APP_PREFIX + each.id);
      const outputs = list(module?.section('interface')).map((each) => members(each)['name']);
      if (module && !outputs.includes(output))
        yield { where, what: `${name} has no output ${wordOf(output)}.` };
    }
  }
}
