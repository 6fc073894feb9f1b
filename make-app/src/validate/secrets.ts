import { isMembers, type Members, wordOf } from '../json.ts';
import {
  communicationsOf,
  componentsOf,
  list,
  members,
  parametersIn,
  type App,
  type Problem,
} from './read-app.ts';

/** The API key goes into headers only, and every log hides them, and what else is secret. */
export function* checkSecrets(app: App): Generator<Problem> {
  const secrets = componentsOf(app, 'connection')
    .flatMap((each) => list(each.section('params')))
    .filter((each) => members(each)['type'] === 'password')
    .map((each) => wordOf(members(each)['name']));
  const isSecret = (value: unknown): boolean =>
    typeof value === 'string' && secrets.some((name) => new RegExp(`\\.${name}\\b`).test(value));

  for (const [where, request] of communicationsOf(app)) {
    const hidden = list(members(request['log'])['sanitize']).map(wordOf);
    for (const [name, value] of Object.entries(members(request['headers']))) {
      const path = `request.headers.${name}`;
      if (isSecret(value) && !hidden.includes(path)) yield { where, what: `log.sanitize lacks ${path}.` };
    }
    for (const place of ['url', 'baseUrl', 'qs', 'body', 'temp', 'response']) {
      if (isSecret(JSON.stringify(request[place] ?? null)))
        yield { where, what: `The API key must not be in ${place}.` };
    }
  }
  const base = members(app.files.get(wordOf(members(app.manifest['generalCodeFiles'])['base'])));
  const hiddenByBase = list(members(base['log'])['sanitize']).map(wordOf);
  for (const each of componentsOf(app, 'module')) {
    for (const { name, type } of parametersIn(each.section('mappableParams'))) {
      const path = `request.body.inputs.${wordOf(name)}`;
      if (type === 'password' && !hiddenByBase.includes(path))
        yield { where: each.path('mappableParams'), what: `log.sanitize of the base lacks ${path}.` };
    }
  }
  for (const each of componentsOf(app, 'connection')) {
    for (const parameter of list(each.section('params')).filter(isMembers))
      yield* checkField(each.path('params'), parameter);
  }
}

/** Make's review wants fields to be mappable; only an address must not be: it could send the API key to any host. */
function* checkField(where: string, parameter: Members): Generator<Problem> {
  const isAddress = parameter['name'] === 'baseUrl';
  if (isAddress && parameter['editable'] !== false) yield { where, what: 'baseUrl must not be mapped.' };
  if (!isAddress && parameter['editable'] !== true)
    yield { where, what: `${wordOf(parameter['name'])} must be editable.` };
  if (['accountName', 'teamID'].includes(wordOf(parameter['name'])))
    yield { where, what: `${wordOf(parameter['name'])} is a reserved name.` };
}
