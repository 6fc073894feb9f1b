import type { Value } from './json.ts';
import { manifestOf } from './manifest.ts';
import { MODULE, pathOf, WEBHOOK, type Module } from './module.ts';
import { modulesOf, webhooksOf } from './modules.ts';

/** Every generated file of the app, by its path below `app/`: forms and their like. What is sent is written by hand. */
export function generatedFiles(): ReadonlyMap<string, Value> {
  const [modules, webhooks] = [modulesOf(), webhooksOf()];
  const files = new Map<string, Value>([
    ['makecomapp.json', manifestOf(modules, webhooks)],
    ['modules/groups.json', groupsOf(modules)],
  ]);
  for (const module of modules) {
    const { communication, mappableParams, interface: outputs, samples } = module;
    const contents = {
      communication,
      mappableParams,
      interface: outputs,
      samples,
      staticParams: [],
      scope: [],
    };
    for (const [section, file] of Object.entries(MODULE)) {
      const value: Value | undefined = contents[section as keyof typeof MODULE];
      if (value !== undefined) files.set(pathOf('modules', module.id, file), value);
    }
  }
  for (const webhook of webhooks) {
    const { communication, parameters: params, attach, detach } = webhook;
    const contents = { communication, params, attach, detach, requiredScope: [] };
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
