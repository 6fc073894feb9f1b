import { isMembers, type Members, type Value, wordOf } from '../json.ts';
import {
  componentsOf,
  list,
  members,
  requestsOf,
  type App,
  type ComponentOfApp,
  type Problem,
} from './read-app.ts';

const FITS: Readonly<Record<string, (value: Value) => boolean>> = {
  text: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  date: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  collection: isMembers,
  any: () => true,
};

/** Interface, samples and output name the same members, and samples are of the interface's types. */
export function* checkOutputs(app: App): Generator<Problem> {
  for (const each of componentsOf(app, 'module')) {
    const fields = list(each.section('interface')).map(members);
    const names = fields.map(({ name }) => wordOf(name));
    const samples = members(each.section('samples'));
    yield* sameNames(each.path('samples'), names, samples);
    for (const output of outputsOf(each)) yield* sameNames(each.path('communication'), names, output);
    for (const { name, type } of fields) {
      const fits = FITS[wordOf(type)];
      const value = samples[wordOf(name)];
      if (fits === undefined)
        yield { where: each.path('interface'), what: `There is no type ${wordOf(type)}.` };
      else if (value !== null && value !== undefined && !fits(value))
        yield { where: each.path('samples'), what: `${wordOf(name)} is no ${wordOf(type)}.` };
    }
  }
}

/** What is written in the module itself: its output, or what stands for the answer of the hosted API. */
function outputsOf(module: ComponentOfApp): readonly Members[] {
  return requestsOf(module.section('communication')).flatMap((request) => {
    const { output, temp } = members(request['response']);
    const { bundle } = members(temp);
    return [output, ...(Array.isArray(bundle) ? list(bundle) : [bundle])].filter(isMembers);
  });
}

function* sameNames(where: string, names: readonly string[], value: Members): Generator<Problem> {
  for (const name of names) if (!(name in value)) yield { where, what: `${name} is missing.` };
  for (const name of Object.keys(value)) {
    if (!names.includes(name)) yield { where, what: `${name} is not in the interface.` };
  }
}
