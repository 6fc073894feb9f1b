import type { App } from '../validate/read-app.ts';
import { wordOf } from '../json.ts';
import { aboutModule, createWebhook, creation, DeployError, type RemoteNames } from './remote.ts';
import {
  connectionsOf,
  modulesOf,
  sectionsOfConnection,
  sectionsOfModule,
  sectionsOfWebhook,
  webhooksOf,
} from './sections.ts';
import type { Work } from './deployment.ts';

/** Where the app is, once it has a name. */
export interface Place {
  readonly name: string;
  readonly version: number;
  readonly at: string;
  /** Not in a dry run of an app that is yet to be made. */
  readonly exists: boolean;
}

/** Answers the names that Make gave them, by their ids here. */
export async function deployConnections(work: Work, app: App, place: Place): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  const remotes = place.exists ? await work.make.sdk.connections.list(place.name) : [];
  for (const connection of connectionsOf(app)) {
    const label = wordOf(connection.about['label']);
    const type = wordOf(connection.about['connectionType']);
    const remote =
      remotes.find((each) => each.label === label)?.name ??
      (await work.act(
        `create connection ${label}`,
        async () => (await work.make.sdk.connections.create(place.name, { type, label })).name,
      ));
    const name = remote ?? connection.id;
    names.set(connection.id, name);
    await work.write(`connection ${label}`, sectionsOfConnection(connection, name), remote !== undefined);
  }
  return names;
}

/** The same of webhooks, each with its connection. */
export async function deployWebhooks(
  work: Work,
  app: App,
  place: Place,
  connections: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  const remotes = place.exists ? await work.make.sdk.webhooks.list(place.name) : [];
  for (const webhook of webhooksOf(app)) {
    const label = wordOf(webhook.about['label']);
    const connection = connections.get(wordOf(webhook.about['connection'])) ?? null;
    const found = remotes.find((each) => each.label === label);
    if (found !== undefined && found.connection !== connection) {
      const path = `/sdk/apps/webhooks/${found.name}`;
      await work.act(`update webhook ${label}`, () =>
        work.make.fetch(path, { method: 'PATCH', body: { label, connection } }),
      );
    }
    const type = wordOf(webhook.about['webhookType']);
    const remote =
      found?.name ??
      (await work.act(`create webhook ${label}`, () =>
        createWebhook(work.make, place.name, { type, label, connection }),
      ));
    const name = remote ?? webhook.id;
    names.set(webhook.id, name);
    await work.write(`webhook ${label}`, sectionsOfWebhook(webhook, name), remote !== undefined);
  }
  return names;
}

/** @throws {DeployError} where Make has a module of the same name and of another type. */
export async function deployModules(work: Work, app: App, place: Place, names: RemoteNames): Promise<void> {
  const { make } = work;
  const { name, version, at, exists } = place;
  const remotes = exists ? await make.sdk.modules.list(name, version) : [];
  for (const module of modulesOf(app)) {
    const wanted = aboutModule(module, names);
    const remote = remotes.find((each) => each.name === module.id);
    if (remote === undefined) {
      await work.act(`create module ${module.id}`, () =>
        make.fetch(`${at}/modules`, { method: 'POST', body: creation(wanted) }),
      );
    } else {
      if (remote.typeId !== wanted.typeId) {
        throw new DeployError(
          `Make has a module ${module.id} of another type. Delete it there, then deploy again.`,
        );
      }
      const { label, description, connection, webhook } = wanted;
      const body = { label, description, connection, webhook };
      const same = (Object.keys(body) as (keyof typeof body)[]).every(
        (key) => (remote[key] ?? null) === body[key],
      );
      if (!same)
        await work.act(`update module ${module.id}`, () =>
          make.fetch(`${at}/modules/${module.id}`, { method: 'PATCH', body }),
        );
    }
    const isThere = remote !== undefined || (exists && !work.dryRun);
    await work.write(`module ${module.id}`, sectionsOfModule(module, at), isThere);
  }
}
