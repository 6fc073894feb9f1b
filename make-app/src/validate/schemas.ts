import { Ajv, type ValidateFunction } from 'ajv';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { componentsOf, isInstant, members, type App, type Problem } from './read-app.ts';
import { wordOf } from '../json.ts';

/** Which of the editor extension's schemas a section answers to. */
const SCHEMAS: Readonly<Record<string, string>> = {
  communication: 'api.json',
  params: 'parameters.json',
  staticParams: 'parameters.json',
  mappableParams: 'parameters.json',
  interface: 'parameters.json',
  samples: 'samples.json',
  scope: 'scope.json',
  scopeList: 'scopes.json',
  defaultScope: 'scope.json',
  common: 'common.json',
  attach: 'api.json',
  detach: 'api.json',
  requiredScope: 'scope.json',
};

const GENERAL: Readonly<Record<string, string>> = {
  base: 'base.json',
  common: 'common.json',
  groups: 'groups.json',
};

const HOME = 'https://schemas.local/imljson/';

/**
 * Checks the app by the JSON schemas of Make's editor extension, from a folder on this machine: they are Make's, and no
 * part of this repository. Throws if the folder lacks one.
 */
export async function checkSchemas(app: App, folder: string): Promise<readonly Problem[]> {
  const ajv = new Ajv({ strict: false, allErrors: true, allowUnionTypes: true, unicodeRegExp: false });
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.json')) continue;
    ajv.addSchema(JSON.parse(await readFile(join(folder, name), 'utf8')) as object, HOME + name);
  }
  const schema = (name: string): ValidateFunction => {
    const found = ajv.getSchema(HOME + name);
    if (found === undefined) throw new Error(`${folder} has no ${name}.`);
    return found as ValidateFunction;
  };
  return filesToCheck(app).flatMap(([path, name]) => {
    const validate = schema(name);
    if (validate(app.files.get(path))) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => ({
      where: `${path}#${instancePath}`,
      what: `${name}: ${message ?? 'does not fit'}.`,
    }));
  });
}

function filesToCheck(app: App): readonly (readonly [path: string, schema: string])[] {
  const general = Object.entries(members(app.manifest['generalCodeFiles'])).map(
    ([name, path]) => [wordOf(path), GENERAL[name]] as const,
  );
  const sections = ['connection', 'module', 'webhook']
    .flatMap((kind) => componentsOf(app, kind).map((component) => ({ kind, component })))
    // api.json tells of requests; what a webhook makes of a delivery is none, nor is what an instant trigger sends.
    .flatMap(({ kind, component }) => {
      const files = Object.entries(members(component.about['codeFiles']));
      const sends = kind !== 'webhook' && !isInstant(component);
      return sends ? files : files.filter(([name]) => name !== 'communication');
    })
    .map(([name, path]) => [wordOf(path), SCHEMAS[name]] as const);
  return [...general, ...sections].flatMap(([path, name]) =>
    name === undefined ? [] : [[path, name] as const],
  );
}
