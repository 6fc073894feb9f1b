import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The committed files of the app, as Make would hold them. */
export const APP_FOLDER = join(import.meta.dirname, '../../../make-app/app');

export type Section = Readonly<Record<string, unknown>>;

export interface LoadedModule {
  readonly type: string;
  readonly communication: readonly Section[];
  readonly parameters: readonly Section[];
  readonly interface: readonly Section[];
  readonly samples: Section;
  /** Of an instant trigger: the webhook's id. */
  readonly webhook: string;
}

export interface LoadedWebhook {
  readonly communication: Section;
  readonly parameters: readonly Section[];
  readonly attach: Section;
  readonly detach: Section;
}

export interface LoadedApp {
  readonly base: Section;
  readonly connection: { readonly communication: Section; readonly parameters: readonly Section[] };
  readonly modules: Readonly<Record<string, LoadedModule>>;
  readonly webhooks: Readonly<Record<string, LoadedWebhook>>;
}

interface Component {
  readonly moduleType?: string;
  readonly webhook?: string;
  readonly codeFiles: Readonly<Record<string, string>>;
}

/** Reads the app through its manifest. */
export async function loadApp(): Promise<LoadedApp> {
  const json = async (path: string | undefined): Promise<unknown> =>
    JSON.parse(await readFile(join(APP_FOLDER, path ?? ''), 'utf8'));
  const manifest = (await json('makecomapp.json')) as {
    readonly generalCodeFiles: Readonly<Record<string, string>>;
    readonly components: Readonly<
      Record<'module' | 'connection' | 'webhook', Readonly<Record<string, Component>>>
    >;
  };
  const modules = await Promise.all(
    Object.entries(manifest.components.module).map(
      async ([id, { moduleType = '', webhook = '', codeFiles }]) => {
        const communication = await json(codeFiles['communication']);
        const module: LoadedModule = {
          type: moduleType,
          webhook,
          communication: (Array.isArray(communication) ? communication : [communication]) as Section[],
          parameters: (await json(codeFiles['mappableParams'])) as Section[],
          interface: (await json(codeFiles['interface'])) as Section[],
          samples: (await json(codeFiles['samples'])) as Section,
        };
        return [id, module] as const;
      },
    ),
  );
  const webhooks = await Promise.all(
    Object.entries(manifest.components.webhook).map(async ([id, { codeFiles }]) => {
      const webhook: LoadedWebhook = {
        communication: (await json(codeFiles['communication'])) as Section,
        parameters: (await json(codeFiles['params'])) as Section[],
        attach: (await json(codeFiles['attach'])) as Section,
        detach: (await json(codeFiles['detach'])) as Section,
      };
      return [id, webhook] as const;
    }),
  );
  const [connection] = Object.values(manifest.components.connection);
  return {
    base: (await json(manifest.generalCodeFiles['base'])) as Section,
    connection: {
      communication: (await json(connection?.codeFiles['communication'])) as Section,
      parameters: (await json(connection?.codeFiles['params'])) as Section[],
    },
    modules: Object.fromEntries(modules),
    webhooks: Object.fromEntries(webhooks),
  };
}
