import { appOf, type App } from '../../make-app/src/validate/read-app.ts';
import { validate } from '../../make-app/src/validate/validate.ts';

export type Tree = { [member: string]: Tree } & Record<string, unknown>;

/** The app with one file changed. */
export function changed(app: App, path: string, change: (file: Tree) => unknown): App {
  const file = structuredClone(app.files.get(path)) as Tree;
  change(file);
  return appOf(new Map([...app.files, [path, file]]));
}

export const drop = (of: object | undefined, name: string): unknown => Reflect.deleteProperty(of ?? {}, name);

export const problemsOf = (app: App): string[] => validate(app).map(({ where, what }) => `${where}: ${what}`);
