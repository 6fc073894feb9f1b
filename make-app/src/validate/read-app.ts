import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMembers, type Members, type Value, wordOf } from '../json.ts';

/** The files of an app, as they are on the disk, and what its manifest makes of them. */
export interface App {
  /** By their path below the folder; JSON files parsed. */
  readonly files: ReadonlyMap<string, Value>;
  readonly manifest: Members;
}

/** One thing that is wrong: where, and what. */
export interface Problem {
  readonly where: string;
  readonly what: string;
}

export type Rule = (app: App) => Iterable<Problem>;

/** Reads every file of a folder. Throws for JSON that cannot be parsed. */
export async function readApp(folder: string): Promise<App> {
  const files = new Map<string, Value>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const whole = join(entry.parentPath, entry.name);
    const path = whole.slice(folder.length + 1).replaceAll('\\', '/');
    const text = await readFile(whole, 'utf8');
    files.set(path, path.endsWith('.json') ? (JSON.parse(text) as Value) : text);
  }
  return appOf(files);
}

export const appOf = (files: ReadonlyMap<string, Value>): App => ({
  files,
  manifest: members(files.get('makecomapp.json')),
});

export const members = (value: unknown): Members => (isMembers(value) ? value : {});

export const list = (value: unknown): readonly Value[] =>
  Array.isArray(value) ? (value as readonly Value[]) : [];

/** The parameters of a form, and those that are nested in the choices of others: all, or as a user has chosen. */
export const parametersIn = (form: unknown, chosen?: Members): readonly Members[] =>
  list(form)
    .map(members)
    .flatMap((each) => {
      const choice = chosen === undefined ? undefined : (chosen[wordOf(each['name'])] ?? each['default']);
      const options = list(each['options']).map(members);
      const taken = options.filter(({ value }) => chosen === undefined || value === choice);
      return [each, ...taken.flatMap(({ nested }) => parametersIn(nested, chosen))];
    });

export interface ComponentOfApp {
  readonly id: string;
  readonly about: Members;
  /** What a section's file holds. */
  readonly section: (name: string) => Value | undefined;
  /** Where it is. */
  readonly path: (name: string) => string;
}

export function componentsOf({ files, manifest }: App, kind: string): readonly ComponentOfApp[] {
  return Object.entries(members(members(manifest['components'])[kind])).map(([id, component]) => {
    const about = members(component);
    const path = (name: string): string => wordOf(members(about['codeFiles'])[name]);
    return { id, about, path, section: (name) => files.get(path(name)) };
  });
}

/** The requests of a section: one, or one after the other. */
export const requestsOf = (section: Value | undefined): readonly Members[] =>
  (Array.isArray(section) ? list(section) : [section]).filter(isMembers);

/** Sections that hold requests, the base first. What a webhook makes of a delivery is none. */
export function communicationsOf(app: App): readonly (readonly [path: string, request: Members])[] {
  const base = wordOf(members(app.manifest['generalCodeFiles'])['base']);
  const requests = (kind: string, sections: readonly string[]) =>
    componentsOf(app, kind).flatMap((each) =>
      sections.flatMap((section) =>
        requestsOf(each.section(section)).map((request) => [each.path(section), request] as const),
      ),
    );
  return [
    [base, members(app.files.get(base))],
    ...['connection', 'module', 'rpc'].flatMap((kind) => requests(kind, ['communication'])),
    ...requests('webhook', ['attach', 'detach']),
  ];
}

/** Woken by a webhook, which does all the work. */
export const isInstant = ({ about }: ComponentOfApp): boolean => about['moduleType'] === 'instant_trigger';
