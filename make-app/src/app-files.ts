import type { Value } from './json.ts';
import type { Module } from './module.ts';
import { modulesOf } from './modules.ts';

/** The app's connection. */
export const CONNECTION = 'onceonly';

/** The sections of a module: its name in the manifest, and how its file ends. */
const SECTIONS = {
  communication: 'communication',
  staticParams: 'static-params',
  mappableParams: 'mappable-params',
  interface: 'interface',
  samples: 'samples',
  scope: 'scope',
} as const;

type Section = keyof typeof SECTIONS;

const kebab = (id: string): string => id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const pathOf = ({ id }: Module, section: Section): string =>
  `modules/${id}/${kebab(id)}.${SECTIONS[section]}.iml.json`;

function contentsOf(module: Module): Readonly<Record<Section, Value>> {
  return {
    communication: module.communication,
    staticParams: [],
    mappableParams: module.parameters,
    interface: module.interface,
    samples: module.samples,
    scope: [],
  };
}

/** Every generated file of the app, by its path below `app/`: all but base, common, connections and readme. */
export function generatedFiles(): ReadonlyMap<string, Value> {
  const modules = modulesOf();
  const files = new Map<string, Value>([
    ['makecomapp.json', manifestOf(modules)],
    ['modules/groups.json', groupsOf(modules)],
  ]);
  for (const module of modules) {
    const contents = contentsOf(module);
    for (const section of Object.keys(SECTIONS) as Section[]) {
      files.set(pathOf(module, section), contents[section]);
    }
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

/** What Make's editor extension reads: every component, and where its parts are. */
function manifestOf(modules: readonly Module[]): Value {
  const connection = (section: string): string =>
    `connections/${CONNECTION}/${CONNECTION}.${section}.iml.json`;
  const connections = {
    [CONNECTION]: {
      label: 'OnceOnly',
      connectionType: 'basic',
      codeFiles: {
        communication: connection('communication'),
        common: `connections/${CONNECTION}/${CONNECTION}.common.json`,
        params: connection('params'),
        scopeList: connection('scope-list'),
        defaultScope: connection('default-scope'),
      },
    },
  };
  const entries = modules.map(
    (module) =>
      [
        module.id,
        {
          label: module.label,
          description: module.description,
          connection: CONNECTION,
          altConnection: null,
          moduleType: module.type,
          codeFiles: Object.fromEntries(
            (Object.keys(SECTIONS) as Section[]).map((section) => [section, pathOf(module, section)]),
          ),
        },
      ] as const,
  );
  return {
    fileVersion: 1,
    generalCodeFiles: {
      base: 'general/base.iml.json',
      common: 'general/common.json',
      readme: 'README.md',
      groups: 'modules/groups.json',
    },
    components: {
      connection: connections,
      // The events issue brings instant triggers, and with them webhooks.
      webhook: {},
      module: Object.fromEntries(entries),
      rpc: {},
      function: {},
    },
    origins: [],
  };
}
