import { members, componentsOf, type App, type Problem } from './read-app.ts';
import { wordOf } from '../json.ts';

const KINDS = ['connection', 'webhook', 'module'];

/** The manifest names every file, and every file is named. All else of it is generated. */
export function* checkManifest(app: App): Generator<Problem> {
  const where = 'makecomapp.json';
  const general = Object.values(members(app.manifest['generalCodeFiles']));
  const ofComponents = KINDS.flatMap((kind) => componentsOf(app, kind)).flatMap(({ about }) =>
    Object.values(members(about['codeFiles'])),
  );
  const named = new Set([where, ...[...general, ...ofComponents].map(wordOf)]);
  for (const path of named) {
    if (!app.files.has(path)) yield { where, what: `${path} is named, but missing.` };
  }
  for (const path of app.files.keys()) {
    if (!named.has(path)) yield { where: path, what: 'Nothing names this file.' };
  }
}
