import { isMembers, type Members, wordOf } from '../json.ts';
import { sentenceCase } from '@onceonly/shared/sentence-case.ts';
import { componentsOf, isInstant, list, members, type App, type Problem } from './read-app.ts';

const TYPES = [
  'text',
  'number',
  'uinteger',
  'integer',
  'boolean',
  'select',
  'any',
  'array',
  'collection',
  'password',
  'date',
];
const VERBS = ['Check', 'Mark', 'Extend', 'Release', 'Get', 'List', 'Make', 'Watch'];

/** What people see: labels, help and choices, as Make's review wants them. */
export function* checkParameters(app: App): Generator<Problem> {
  for (const each of ['connection', 'webhook'].flatMap((kind) => componentsOf(app, kind))) {
    yield* checkLabel(`makecomapp.json, ${each.id}`, wordOf(each.about['label']));
    yield* checkForm(each.path('params'), list(each.section('params')));
  }
  for (const each of componentsOf(app, 'module')) {
    const where = `makecomapp.json, module ${each.id}`;
    const label = wordOf(each.about['label']);
    if (!VERBS.includes(label.split(' ', 1)[0] ?? ''))
      yield { where, what: `“${label}” does not begin with a verb that we know.` };
    yield* checkLabel(where, label);
    if (!/^[A-Z].*\.$/.test(wordOf(each.about['description'])))
      yield { where, what: 'The description is no sentence.' };
    const mappable = list(each.section('mappableParams'));
    // Nothing comes before it that could be mapped.
    if (isInstant(each) && mappable.length > 0)
      yield { where, what: 'An instant trigger has no mappable parameters.' };
    yield* checkForm(each.path('mappableParams'), mappable);
    for (const field of list(each.section('interface')))
      yield* checkLabel(each.path('interface'), wordOf(members(field)['label']));
  }
}

function* checkLabel(where: string, label: string): Generator<Problem> {
  if (label === '' || label.length > 256) yield { where, what: 'A label has 1 to 256 characters.' };
  if (sentenceCase(label) !== label) yield { where, what: `“${label}” is not in sentence case.` };
}

function* checkForm(where: string, form: readonly unknown[]): Generator<Problem> {
  const parameters = form.filter(isMembers);
  const names = parameters.map(({ name }) => name);
  for (const parameter of parameters) {
    const at = `${where}, ${wordOf(parameter['name'])}`;
    if (names.filter((each) => each === parameter['name']).length > 1)
      yield { where: at, what: 'Two parameters have this name.' };
    yield* checkLabel(at, wordOf(parameter['label']));
    if (!TYPES.includes(wordOf(parameter['type'])))
      yield { where: at, what: `There is no type ${wordOf(parameter['type'])}.` };
    if (!/^[^]{1,1200}[.:]$/.test(wordOf(parameter['help'] ?? '')))
      yield { where: at, what: 'The help is missing, too long, or no sentence.' };
    if (parameter['type'] !== 'select') continue;
    yield* checkChoices(at, parameter);
    for (const option of list(parameter['options']).map(members))
      yield* checkForm(`${at}, ${wordOf(option['value'])}`, list(option['nested']));
  }
}

function* checkChoices(where: string, parameter: Members): Generator<Problem> {
  const values = list(parameter['options']).map((each) => members(each)['value']);
  if (values.length === 0) yield { where, what: 'There is nothing to choose from.' };
  if (parameter['default'] !== undefined && !values.includes(parameter['default']))
    yield { where, what: 'The default is none of the choices.' };
}
