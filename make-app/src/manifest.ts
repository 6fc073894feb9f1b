import type { Members, Value } from './json.ts';
import { MODULE, pathOf, WEBHOOK, type Module, type Webhook } from './module.ts';

/** The app's connection. */
const CONNECTION = 'onceonly';

/** What Make's editor extension reads: every component, and where its parts are. */
export const manifestOf = (modules: readonly Module[], webhooks: readonly Webhook[]): Value => ({
  fileVersion: 1,
  generalCodeFiles: {
    base: 'general/base.iml.json',
    common: 'general/common.json',
    readme: 'README.md',
    groups: 'modules/groups.json',
  },
  components: {
    connection: { [CONNECTION]: connection() },
    webhook: Object.fromEntries(webhooks.map((each) => [each.id, aboutWebhook(each)])),
    module: Object.fromEntries(modules.map((each) => [each.id, aboutModule(each)])),
    rpc: {},
    function: {},
  },
  origins: [],
});

function connection(): Members {
  const file = (section: string): string => `connections/${CONNECTION}/${CONNECTION}.${section}.iml.json`;
  return {
    label: 'OnceOnly',
    connectionType: 'basic',
    codeFiles: {
      communication: file('communication'),
      common: `connections/${CONNECTION}/${CONNECTION}.common.json`,
      params: file('params'),
      scopeList: file('scope-list'),
      defaultScope: file('default-scope'),
    },
  };
}

const aboutWebhook = ({ id, label }: Webhook): Members => ({
  label,
  webhookType: 'web',
  connection: CONNECTION,
  altConnection: null,
  codeFiles: filesOf('webhooks', id, WEBHOOK),
});

const aboutModule = ({ id, label, description, type, webhook }: Module): Members => ({
  label,
  description,
  connection: CONNECTION,
  altConnection: null,
  ...(webhook !== undefined && { webhook }),
  moduleType: type,
  codeFiles: filesOf('modules', id, MODULE),
});

const filesOf = (
  folder: 'modules' | 'webhooks',
  id: string,
  sections: Readonly<Record<string, string>>,
): Members =>
  Object.fromEntries(Object.entries(sections).map(([name, file]) => [name, pathOf(folder, id, file)]));
