import { type Value, wordOf } from '../json.ts';
import { componentsOf, members, parametersIn, requestsOf, type App, type ComponentOfApp } from './app.ts';

/** What a section may name, by the first name of a path: these members, or any. */
export type Scope = Readonly<Record<string, readonly string[] | 'any'>>;

/** A section in which expressions are worked out, and what they may name there. */
export interface Scoped {
  readonly path: string;
  readonly section: Value | undefined;
  readonly scope: Scope;
}

const ANSWER = { body: 'any', headers: 'any', statusCode: 'any', item: 'any' } as const;

/** Every section in which expressions are worked out. Elsewhere nothing is. */
export function* scopedSections(app: App): Generator<Scoped> {
  const connection = componentsOf(app, 'connection').flatMap((each) => [
    ...namesOf(each, 'params'),
    ...keptBy(each, 'communication'),
  ]);
  const base = wordOf(members(app.manifest['generalCodeFiles'])['base']);
  yield { path: base, section: app.files.get(base), scope: { connection, ...ANSWER } };

  const scoped = (each: ComponentOfApp, name: string, scope: Scope): Scoped => ({
    ...{ path: each.path(name), section: each.section(name), scope },
  });
  for (const each of componentsOf(app, 'connection'))
    yield scoped(each, 'communication', { parameters: namesOf(each, 'params'), ...ANSWER });

  for (const each of componentsOf(app, 'module')) {
    const parameters = [...namesOf(each, 'staticParams'), ...namesOf(each, 'mappableParams')];
    const temp = requestsOf(each.section('communication')).flatMap((request) =>
      [request['temp'], members(request['response'])['temp']].flatMap((each) => Object.keys(members(each))),
    );
    yield scoped(each, 'communication', { parameters, connection, temp, ...ANSWER });
  }

  for (const each of componentsOf(app, 'webhook')) {
    const parameters = namesOf(each, 'params');
    const kept = keptBy(each, 'attach');
    yield scoped(each, 'attach', { parameters, connection, webhook: ['id', 'url'], ...ANSWER });
    yield scoped(each, 'detach', { parameters, connection, webhook: kept, ...ANSWER });
    yield scoped(each, 'communication', {
      ...{ parameters, data: [...parameters, ...kept] },
      ...{ body: 'any', headers: 'any', query: 'any', method: 'any', now: 'any' },
    });
  }
}

export function isKnown([root = '', name = '']: readonly string[], scope: Scope): boolean {
  const names = Object.hasOwn(scope, root) ? scope[root] : undefined;
  return names === 'any' || names?.includes(name) === true;
}

const namesOf = (component: ComponentOfApp, section: string): readonly string[] =>
  parametersIn(component.section(section)).map((each) => wordOf(each['name']));

/** What is kept of an answer. */
const keptBy = (component: ComponentOfApp, section: string): readonly string[] =>
  requestsOf(component.section(section)).flatMap((request) =>
    Object.keys(members(members(request['response'])['data'])),
  );
