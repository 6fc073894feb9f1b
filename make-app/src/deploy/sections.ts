import type { Value } from '../json.ts';
import { componentsOf, members, type App, type ComponentOfApp } from '../validate/read-app.ts';
import { wordOf } from '../json.ts';

/** A part of the app that Make keeps by itself, and how it is written. */
export interface Section {
  /** For people. */
  readonly name: string;
  readonly path: string;
  readonly contents: Value;
  readonly type: 'application/jsonc' | 'application/json' | 'text/markdown';
}

/** What Make's API calls the sections of a component. */
const CONNECTION = { communication: 'api', params: 'parameters', scopeList: 'scopes', defaultScope: 'scope' };
const WEBHOOK = {
  communication: 'api',
  params: 'parameters',
  attach: 'attach',
  detach: 'detach',
  requiredScope: 'scope',
};
const MODULE = {
  communication: 'api',
  staticParams: 'parameters',
  mappableParams: 'expect',
  interface: 'interface',
  samples: 'samples',
  scope: 'scope',
};

export function sectionsOfApp(app: App, at: string): readonly Section[] {
  const file = (name: string): Value =>
    app.files.get(wordOf(members(app.manifest['generalCodeFiles'])[name])) ?? null;
  return [
    { name: 'base', path: `${at}/base`, contents: file('base'), type: 'application/jsonc' },
    { name: 'common data', path: `${at}/common`, contents: file('common'), type: 'application/json' },
    { name: 'readme', path: `${at}/readme`, contents: file('readme'), type: 'text/markdown' },
  ];
}

/** The groups name modules, so they come after them. */
export function groupsOfApp(app: App, at: string): Section {
  const path = wordOf(members(app.manifest['generalCodeFiles'])['groups']);
  return {
    name: 'groups',
    path: `${at}/groups`,
    contents: app.files.get(path) ?? null,
    type: 'application/jsonc',
  };
}

export const connectionsOf = (app: App): readonly ComponentOfApp[] => componentsOf(app, 'connection');

export function sectionsOfConnection(connection: ComponentOfApp, remoteName: string): readonly Section[] {
  const at = `/sdk/apps/connections/${remoteName}`;
  const common = connection.section('common') ?? {};
  return [
    ...sections(connection, at, CONNECTION),
    { name: 'common data', path: `${at}/common`, contents: common, type: 'application/json' },
  ];
}

export const webhooksOf = (app: App): readonly ComponentOfApp[] => componentsOf(app, 'webhook');

export const sectionsOfWebhook = (webhook: ComponentOfApp, remoteName: string): readonly Section[] =>
  sections(webhook, `/sdk/apps/webhooks/${remoteName}`, WEBHOOK);

export const modulesOf = (app: App): readonly ComponentOfApp[] => componentsOf(app, 'module');

export const sectionsOfModule = (module: ComponentOfApp, at: string): readonly Section[] =>
  sections(module, `${at}/modules/${module.id}`, MODULE);

function sections(
  component: ComponentOfApp,
  at: string,
  names: Readonly<Record<string, string>>,
): readonly Section[] {
  return Object.entries(names).map(([name, remote]) => ({
    name,
    path: `${at}/${remote}`,
    contents: component.section(name) ?? null,
    type: 'application/jsonc',
  }));
}
