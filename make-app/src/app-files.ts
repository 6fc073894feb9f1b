import type { Value } from './json.ts';
import { manifestOf } from './manifest.ts';
import type { Module } from './module.ts';
import { modulesOf, webhooksOf } from './modules.ts';
import { MODULE, WEBHOOK, pathOf } from './paths.ts';

/** Every generated file of the app, by its path below `app/`: all but base, common, connections and readme. */
export function generatedFiles(): ReadonlyMap<string, Value> {
  const [modules, webhooks] = [modulesOf(), webhooksOf()];
  const files = new Map<string, Value>([
    ['makecomapp.json', manifestOf(modules, webhooks)],
    ['modules/groups.json', groupsOf(modules)],
  ]);
  for (const module of modules) {
    const contents: Record<keyof typeof MODULE, Value> = {
      communication: module.communication,
      staticParams: [],
      mappableParams: module.parameters,
      interface: module.interface,
      samples: module.samples,
      scope: [],
    };
    for (const [section, file] of Object.entries(MODULE))
      files.set(pathOf('modules', module.id, file), contents[section as keyof typeof MODULE]);
  }
  for (const webhook of webhooks) {
    const contents: Record<keyof typeof WEBHOOK, Value> = {
      communication: webhook.communication,
      params: webhook.parameters,
      attach: webhook.attach,
      detach: webhook.detach,
      requiredScope: [],
    };
    for (const [section, file] of Object.entries(WEBHOOK))
      files.set(pathOf('webhooks', webhook.id, file), contents[section as keyof typeof WEBHOOK]);
  }
  return files;
}

function groupsOf(modules: readonly Module[]): Value {
  const labels = [...new Set(modules.map(({ group }) => group))];
  return labels.map((label) => ({
    label,
    modules: modules.filter(({ group }) => group === label).map(({ id }) => id),
  }));
}
