import type { Make } from '@makehq/sdk';
import { wordOf } from '../json.ts';
import type { ComponentOfApp } from '../validate/read-app.ts';
import type { Section } from './sections.ts';

/** An app that cannot be deployed as it is. The message says what to do. */
export class DeployError extends Error {
  override readonly name = 'DeployError';
}

const TYPE_IDS: Readonly<Record<string, number>> = {
  trigger: 1,
  action: 4,
  search: 9,
  instant_trigger: 10,
  responder: 11,
  universal: 12,
};

/** Make may add to the name that was asked for, such as a hyphen and some letters. */
export async function findApp(make: Make, name: string): Promise<string | undefined> {
  const mine = await make.sdk.apps.list();
  const found = mine.filter(
    (each) => each.name === name || new RegExp(`^${name}-[a-z0-9]+$`).test(each.name),
  );
  if (found.length > 1) {
    const names = found.map((each) => each.name).join(', ');
    throw new DeployError(
      `There are several apps that could be meant: ${names}. Set MAKE_APP to one of them.`,
    );
  }
  return found[0]?.name;
}

/** Private, and in English. Answers the name that Make gave it. */
export async function createApp(make: Make, name: string): Promise<string> {
  const created = await make.sdk.apps.create({
    name,
    label: 'OnceOnly',
    description: 'Stops a scenario from doing the same thing twice.',
    theme: '#1f5eff',
    language: 'en',
    countries: [],
    private: true,
    audience: 'global',
  });
  return created.name;
}

/** With its connection, which the SDK leaves out. Answers the name that Make gave it. */
export async function createWebhook(
  make: Make,
  appName: string,
  body: { readonly type: string; readonly label: string; readonly connection: string | null },
): Promise<string> {
  const { appWebhook } = await make.fetch<{ appWebhook: { name: string } }>(`/sdk/apps/${appName}/webhooks`, {
    method: 'POST',
    body,
  });
  return appWebhook.name;
}

interface AboutModule {
  readonly name: string;
  readonly typeId: number;
  readonly label: string;
  readonly description: string;
  /** Of an instant trigger none: its webhook has it. */
  readonly connection: string | null;
  readonly webhook: string | null;
}

/** The names that Make gave, by the ids of the files. */
export interface RemoteNames {
  readonly connections: ReadonlyMap<string, string>;
  readonly webhooks: ReadonlyMap<string, string>;
}

/** What Make keeps of a module beside its sections. */
export function aboutModule({ id, about }: ComponentOfApp, names: RemoteNames): AboutModule {
  const typeId = TYPE_IDS[wordOf(about['moduleType'])];
  if (typeId === undefined) throw new DeployError(`${id} has no type that Make knows.`);
  return {
    name: id,
    typeId,
    label: wordOf(about['label']),
    description: wordOf(about['description']),
    connection: names.connections.get(wordOf(about['connection'])) ?? null,
    webhook: names.webhooks.get(wordOf(about['webhook'])) ?? null,
  };
}

/** What a module is created with: empty sections, which are written afterwards. */
export const creation = (about: AboutModule): Record<string, string | number | null> => ({
  ...about,
  moduleInitMode: 'blank',
  ...(about.typeId === TYPE_IDS['universal'] && { subtype: 'Universal' }),
});

/** As JSON where it is any. */
export async function readSection(make: Make, section: Section): Promise<unknown> {
  const read = await make.fetch(section.path);
  if (section.type === 'text/markdown' || typeof read !== 'string') return read;
  try {
    return JSON.parse(read) as unknown;
  } catch {
    return read;
  }
}

/** Replaces a section. */
export async function writeSection(make: Make, { path, contents, type }: Section): Promise<void> {
  const body = typeof contents === 'string' ? contents : JSON.stringify(contents, null, 2);
  await make.fetch(path, { method: 'PUT', headers: { 'Content-Type': type }, body });
}
