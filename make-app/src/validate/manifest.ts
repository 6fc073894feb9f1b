import { isMembers, type Members, wordOf } from '../json.ts';
import { MODULE, WEBHOOK } from '../paths.ts';
import {
  componentsOf,
  isInstant,
  list,
  members,
  type App,
  type ComponentOfApp,
  type Problem,
} from './app.ts';

const KINDS = ['connection', 'webhook', 'module', 'rpc', 'function'];
const GENERAL = ['base', 'common', 'readme', 'groups'];
const ID = /^[a-zA-Z][0-9a-zA-Z]{2,63}$/;
const MODULE_TYPES = ['action', 'search', 'universal', 'trigger', 'instant_trigger', 'responder'];

/** The manifest names every file, and every file is named; components refer to such as there are. */
export function* checkManifest(app: App): Generator<Problem> {
  const where = 'makecomapp.json';
  const { manifest, files } = app;
  if (manifest['fileVersion'] !== 1) yield { where, what: 'fileVersion must be 1.' };
  for (const kind of KINDS) {
    if (!isMembers(members(manifest['components'])[kind]))
      yield { where, what: `components.${kind} is missing.` };
  }
  for (const name of GENERAL) {
    if (typeof members(manifest['generalCodeFiles'])[name] !== 'string')
      yield { where, what: `generalCodeFiles.${name} is missing.` };
  }

  const named = new Set([where, ...Object.values(members(manifest['generalCodeFiles'])).map(wordOf)]);
  for (const kind of KINDS) {
    for (const component of componentsOf(app, kind)) {
      const { id, about } = component;
      if (!ID.test(id)) yield { where, what: `${id} is no ID for a ${kind}.` };
      for (const path of Object.values(members(about['codeFiles']))) named.add(wordOf(path));
      if (kind === 'module') yield* checkModule(app, component);
      if (kind === 'webhook') yield* checkWebhook(app, component);
    }
  }
  for (const path of named) if (!files.has(path)) yield { where, what: `${path} is named, but missing.` };
  for (const path of files.keys())
    if (!named.has(path)) yield { where: path, what: 'Nothing names this file.' };
  yield* checkGroups(app);
}

function* checkModule(app: App, module: ComponentOfApp): Generator<Problem> {
  const { id, about } = module;
  const where = `makecomapp.json, module ${id}`;
  if (!MODULE_TYPES.includes(wordOf(about['moduleType'])))
    yield { where, what: `There is no module type ${wordOf(about['moduleType'])}.` };
  if (!isInstant(module)) yield* checkReference(app, where, 'connection', about['connection']);
  else yield* checkReference(app, where, 'webhook', about['webhook']);
  yield* checkSections(where, about, Object.keys(MODULE));
}

function* checkWebhook(app: App, { id, about }: ComponentOfApp): Generator<Problem> {
  const where = `makecomapp.json, webhook ${id}`;
  // A shared one takes what is meant for all users, which the service does not send.
  if (about['webhookType'] !== 'web') yield { where, what: 'webhookType must be web.' };
  yield* checkReference(app, where, 'connection', about['connection']);
  yield* checkSections(where, about, Object.keys(WEBHOOK));
  const users = componentsOf(app, 'module').filter((each) => each.about['webhook'] === id);
  if (users.length !== 1) yield { where, what: `${wordOf(users.length)} modules are woken by it.` };
}

function* checkReference(app: App, where: string, kind: string, id: unknown): Generator<Problem> {
  if (!componentsOf(app, kind).some((each) => each.id === id))
    yield { where, what: `There is no ${kind} ${wordOf(id)}.` };
}

function* checkSections(where: string, about: Members, sections: readonly string[]): Generator<Problem> {
  for (const section of sections) {
    if (typeof members(about['codeFiles'])[section] !== 'string')
      yield { where, what: `${section} is missing.` };
  }
}

/** Every module is in one group. */
function* checkGroups(app: App): Generator<Problem> {
  const where = wordOf(members(app.manifest['generalCodeFiles'])['groups']);
  const grouped = list(app.files.get(where))
    .flatMap((group) => list(members(group)['modules']))
    .map(wordOf);
  const modules = componentsOf(app, 'module').map(({ id }) => id);
  for (const id of grouped) if (!modules.includes(id)) yield { where, what: `There is no module ${id}.` };
  for (const id of modules) {
    const times = grouped.filter((each) => each === id).length;
    if (times !== 1) yield { where, what: `${id} is in ${wordOf(times)} groups.` };
  }
}
