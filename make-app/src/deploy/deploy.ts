import type { Make } from '@makehq/sdk';
import type { App } from '../validate/read-app.ts';
import { deployConnections, deployModules, deployWebhooks, type Place } from './components.ts';
import { createApp, findApp } from './remote.ts';
import { groupsOfApp, sectionsOfApp } from './sections.ts';
import { startWork } from './deployment.ts';

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
  const work = startWork(make, options.dryRun ?? false);
  const made =
    (await findApp(make, options.name)) ??
    (await work.act(`create app ${options.name}`, () => createApp(make, options.name)));
  const name = made ?? options.name;
  const at = `/sdk/apps/${name}/${String(VERSION)}`;
  const place: Place = { name, version: VERSION, at, exists: made !== undefined };

  // Each names what comes before it. The app has no remote procedures, which would come after the connections.
  await work.write('app', sectionsOfApp(app, at), place.exists);
  const connections = await deployConnections(work, app, place);
  const webhooks = await deployWebhooks(work, app, place, connections);
  await deployModules(work, app, place, { connections, webhooks });
  await work.write('app', [groupsOfApp(app, at)], place.exists);
  return { name, steps: work.steps };
}
