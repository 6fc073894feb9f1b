import type { Make } from '@makehq/sdk';
import { isSameJson, wordOf } from '../json.ts';
import type { App } from '../validate/app.ts';
import {
  aboutModule,
  createApp,
  creation,
  DeployError,
  findApp,
  readSection,
  writeSection,
} from './remote.ts';
import {
  connectionsOf,
  groupsOfApp,
  modulesOf,
  sectionsOfApp,
  sectionsOfConnection,
  sectionsOfModule,
  type Section,
} from './sections.ts';

export interface DeployOptions {
  /** The app's name on Make, as it was asked for; Make may add to it. */
  readonly name: string;
  /** Finds out what is to be done, and does nothing. */
  readonly dryRun?: boolean;
}

export interface Deployed {
  /** The app's name as Make has it; what was asked for where it does not exist yet. */
  readonly name: string;
  /** What was done, or would be, in order. */
  readonly steps: readonly string[];
}

/** A custom app's first version; Make's own review makes others. */
const VERSION = 1;

/**
 * Brings an app on Make to the state of the files: creates what is missing, writes what differs, and leaves alone what
 * is the same, so that a second run sends nothing. Deletes nothing.
 * @throws {DeployError} where Make has something of the same name that cannot be made to fit.
 * @throws {MakeError} where Make's API refuses.
 */
export async function deploy(make: Make, app: App, options: DeployOptions): Promise<Deployed> {
  const steps: string[] = [];
  const { dryRun = false } = options;
  const act = async <T>(step: string, work: () => Promise<T>): Promise<T | undefined> => {
    steps.push(step);
    return dryRun ? undefined : work();
  };

  async function write(of: string, sections: readonly Section[], exists: boolean): Promise<void> {
    for (const section of sections) {
      if (exists && isSameJson(await readSection(make, section), section.contents)) continue;
      await act(`write ${of}: ${section.name}`, () => writeSection(make, section));
    }
  }

  const made =
    (await findApp(make, options.name)) ??
    (await act(`create app ${options.name}`, () => createApp(make, options.name)));
  const name = made ?? options.name;
  const at = `/sdk/apps/${name}/${String(VERSION)}`;
  const exists = made !== undefined;
  await write('app', sectionsOfApp(app, at), exists);

  const names = new Map<string, string>();
  const connections = exists ? await make.sdk.connections.list(name) : [];
  for (const connection of connectionsOf(app)) {
    const label = wordOf(connection.about['label']);
    const type = wordOf(connection.about['connectionType']);
    const remote =
      connections.find((each) => each.label === label)?.name ??
      (await act(
        `create connection ${label}`,
        async () => (await make.sdk.connections.create(name, { type, label })).name,
      ));
    names.set(connection.id, remote ?? connection.id);
    await write(
      `connection ${label}`,
      sectionsOfConnection(connection, remote ?? connection.id),
      remote !== undefined,
    );
  }

  const modules = exists ? await make.sdk.modules.list(name, VERSION) : [];
  for (const module of modulesOf(app)) {
    const wanted = aboutModule(module, names);
    const remote = modules.find((each) => each.name === module.id);
    if (remote === undefined) {
      await act(`create module ${module.id}`, () =>
        make.fetch(`${at}/modules`, { method: 'POST', body: creation(wanted) }),
      );
    } else {
      if (remote.typeId !== wanted.typeId) {
        throw new DeployError(
          `Make has a module ${module.id} of another type. Delete it there, then deploy again.`,
        );
      }
      const { label, description, connection } = wanted;
      const same =
        remote.label === label && remote.description === description && remote.connection === connection;
      if (!same)
        await act(`update module ${module.id}`, () =>
          make.sdk.modules.update(name, VERSION, module.id, { label, description, connection }),
        );
    }
    await write(
      `module ${module.id}`,
      sectionsOfModule(module, at),
      remote !== undefined || (exists && !dryRun),
    );
  }
  await write('app', [groupsOfApp(app, at)], exists);
  return { name, steps };
}
