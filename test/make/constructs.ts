import { textsIn, wordOf, type Members, type Value } from '../../make-app/src/json.ts';
import {
  communicationsOf,
  componentsOf,
  isInstant,
  members,
  parametersIn,
  requestsOf,
  type App,
  type ComponentOfApp,
} from '../../make-app/src/validate/read-app.ts';
import { type Expression, parseTemplate, partsOf } from './engine/iml-syntax.ts';

/*
 * Everything of Make that the app's sections use, each with the address where Make documents it. What is not here must
 * not be used: whether it works, only Make knows.
 */

const DEVELOPERS = 'https://developers.make.com/custom-apps-documentation/';
const IML = `${DEVELOPERS}block-elements/iml`;
const API = `${DEVELOPERS}component-blocks/api/`;
const REQUEST = `${DEVELOPERS}app-blocks/api/making-requests`;
const RESPONSE = `${API}handling-responses/`;
const WEBHOOK = `${DEVELOPERS}app-components/webhooks`;
const UNIVERSAL = `${DEVELOPERS}app-components/modules/universal-module/rest`;
const TEXT = 'https://www.make.com/en/help/functions/string-functions';

export const DOCUMENTED: Readonly<Record<string, string>> = {
  'an operator ==, !=, <, >, +, *, &&, ||, !': IML,
  'a text between quotation marks': IML,
  'a member by its name, missing or not': IML,
  'an item of an array, counted from 1': IML,
  'if()': IML,
  'ifempty()': IML,
  'trim()': TEXT,
  'substring()': TEXT,
  'indexOf()': TEXT,
  'replace()': TEXT,
  'length()': TEXT,
  'sha256()': TEXT,
  'contains()': TEXT,
  'split()': TEXT,
  'round()': 'https://www.make.com/en/help/functions/math-functions',
  'get()': 'https://www.make.com/en/help/functions/general-functions',
  'createJSON()': `${DEVELOPERS}component-blocks/api/processing-of-json-strings-inside-a-json-object`,
  'toCollection()': UNIVERSAL,
  '{{...}}': UNIVERSAL,
  'parameters as a whole': `${DEVELOPERS}component-blocks/api`,
  'variable parameters': `${DEVELOPERS}app-components/modules/action/components`,
  'variable connection': `${DEVELOPERS}app-components/modules/action/components`,
  'variable temp': `${RESPONSE}temp`,
  'variable body': `${DEVELOPERS}app-components/modules/action/components`,
  'variable headers': `${DEVELOPERS}app-components/modules/action/components`,
  'variable statusCode': `${RESPONSE}error`,
  'variable item': `${RESPONSE}iterate`,
  'variable payload': `${DEVELOPERS}app-components/modules/instant-trigger`,
  'variable webhook': WEBHOOK,
  'directive url': REQUEST,
  'directive method': REQUEST,
  'directive headers': REQUEST,
  'directive qs': REQUEST,
  'directive body': REQUEST,
  'directive type': REQUEST,
  'directive temp': REQUEST,
  'directive response': RESPONSE,
  'directive response.valid': `${RESPONSE}valid`,
  'directive response.error': `${RESPONSE}error`,
  'an error of a status that is none, where valid is false': `${DEVELOPERS}app-components/base/error-handling`,
  'directive response.temp': `${RESPONSE}temp`,
  'directive response.iterate': `${RESPONSE}iterate`,
  'directive response.output': RESPONSE,
  'directive response.limit': `${RESPONSE}limit`,
  'directive response.data': WEBHOOK,
  'directive response.metadata': `${DEVELOPERS}app-components/connections`,
  'directive pagination': `${API}pagination`,
  'directive log': `${DEVELOPERS}app-components/base/sanitization`,
  'directive baseUrl': `${DEVELOPERS}app-components/base`,
  'directive timeout': REQUEST,
  'directive followRedirects': REQUEST,
  'directive followAllRedirects': REQUEST,
  'directive condition of a webhook': WEBHOOK,
  'directive output of a webhook': WEBHOOK,
};

/** What is used without an address, and names that stand for nothing: where, and what. */
export function undocumentedIn(app: App): readonly string[] {
  return [...usesIn(app)].filter(([, use]) => !Object.hasOwn(DOCUMENTED, use)).map((each) => each.join(': '));
}

export function* usesIn(app: App): Generator<readonly [where: string, use: string]> {
  for (const [where, request] of communicationsOf(app)) {
    for (const name of Object.keys(request)) yield [where, `directive ${name}`];
    const response = members(request['response']);
    for (const name of Object.keys(response)) yield [where, `directive response.${name}`];
    if (Object.keys(members(response['error'])).some((status) => /^[23]/.test(status)))
      yield [where, 'an error of a status that is none, where valid is false'];
  }
  for (const { path, section } of deliveries(app)) {
    for (const name of Object.keys(members(section))) yield [path, `directive ${name} of a webhook`];
  }
  for (const { path, section, known } of sectionsOf(app)) {
    for (const [at, text] of textsIn(section)) {
      for (const use of usesOf(text, known)) yield [`${path}#${at}`, use];
    }
  }
}

/** What a section may name, by the first name of a path: these members, or any. */
type Known = Readonly<Record<string, readonly string[] | 'any'>>;

interface Section {
  readonly path: string;
  readonly section: Value | undefined;
  readonly known: Known;
}

const ANSWER = { body: 'any', headers: 'any', statusCode: 'any', item: 'any' } as const;

function* sectionsOf(app: App): Generator<Section> {
  const connection = componentsOf(app, 'connection').flatMap((each) => [
    ...namesOf(each, 'params'),
    ...keptBy(each, 'communication'),
  ]);
  const base = wordOf(members(app.manifest['generalCodeFiles'])['base']);
  yield { path: base, section: app.files.get(base), known: { connection, ...ANSWER } };
  const one = (each: ComponentOfApp, name: string, known: Known): Section => ({
    ...{ path: each.path(name), section: each.section(name), known },
  });
  for (const each of componentsOf(app, 'connection'))
    yield one(each, 'communication', { parameters: namesOf(each, 'params'), ...ANSWER });
  for (const each of componentsOf(app, 'module')) {
    const temp = requestsOf(each.section('communication')).flatMap((request) =>
      [request, members(request['response'])].flatMap((part) => Object.keys(members(part['temp']))),
    );
    const parameters = namesOf(each, 'mappableParams');
    const payload = isInstant(each) ? (['id', 'key'] as const) : [];
    yield one(each, 'communication', { parameters, connection, temp, payload, ...ANSWER });
  }
  for (const each of componentsOf(app, 'webhook')) {
    const parameters = namesOf(each, 'params');
    yield one(each, 'attach', { parameters, connection, webhook: ['url'], ...ANSWER });
    yield one(each, 'detach', { parameters, connection, webhook: keptBy(each, 'attach'), ...ANSWER });
  }
  yield* deliveries(app);
}

const deliveries = (app: App): readonly Section[] =>
  componentsOf(app, 'webhook').map((each) => ({
    path: each.path('communication'),
    section: each.section('communication'),
    known: { body: 'any' },
  }));

const namesOf = (component: ComponentOfApp, section: string): readonly string[] =>
  parametersIn(component.section(section)).map((each) => wordOf(each['name']));

const keptBy = (component: ComponentOfApp, section: string): readonly string[] =>
  requestsOf(component.section(section)).flatMap((request: Members) =>
    Object.keys(members(members(request['response'])['data'])),
  );

function* usesOf(text: string, known: Known): Generator<string> {
  if (text === '{{...}}') {
    yield text;
    return;
  }
  try {
    for (const part of parseTemplate(text)) if ('expression' in part) yield* usesInOf(part.expression, known);
  } catch (error) {
    yield String(error);
  }
}

const OPERATORS = ['==', '!=', '<', '>', '+', '*', '&&', '||'];

function* usesInOf(whole: Expression, known: Known): Generator<string> {
  for (const part of partsOf(whole)) {
    if (part.kind === 'call') yield `${part.name}()`;
    else if (part.kind === 'item') yield 'an item of an array, counted from 1';
    else if (part.kind === 'literal') {
      if (typeof part.value === 'string') yield 'a text between quotation marks';
    } else if (part.kind === 'binary' || part.kind === 'not') {
      const isKnown = part.kind === 'not' || OPERATORS.includes(part.operator);
      yield isKnown ? 'an operator ==, !=, <, >, +, *, &&, ||, !' : `operator ${part.operator}`;
    } else if (part.kind === 'member') {
      yield 'a member by its name, missing or not';
      if (part.of.kind === 'name') yield* nameIn(part.of.name, part.name, known);
    } else if (!['true', 'false', 'null'].includes(part.name)) {
      yield* nameIn(part.name, undefined, known);
      if (part === whole && part.name === 'parameters') yield 'parameters as a whole';
    }
  }
}

function* nameIn(root: string, name: string | undefined, known: Known): Generator<string> {
  const names = Object.hasOwn(known, root) ? known[root] : undefined;
  if (names === undefined || (name !== undefined && names !== 'any' && !names.includes(name)))
    yield `there is nothing named ${[root, name].filter((each) => each !== undefined).join('.')}`;
  else yield `variable ${root}`;
}
