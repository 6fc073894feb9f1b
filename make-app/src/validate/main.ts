import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Members, wordOf } from '../json.ts';
import { readApp, type Problem } from './read-app.ts';
import { checkBlueprint } from './blueprints.ts';
import { checkSchemas } from './schemas.ts';
import { validate } from './validate.ts';

/** Says everything that is wrong with the app and its blueprints, and fails if anything is. */
const folder = join(import.meta.dirname, '../..');
const app = await readApp(join(folder, 'app'));
const problems: Problem[] = [...validate(app)];

for (const name of await readdir(join(folder, 'blueprints'))) {
  const blueprint = JSON.parse(await readFile(join(folder, 'blueprints', name), 'utf8')) as Members;
  problems.push(...checkBlueprint(app, `blueprints/${name}`, blueprint));
}

const schemas = process.env['MAKE_SCHEMAS_DIR'] ?? '';
if (schemas !== '') problems.push(...(await checkSchemas(app, schemas)));

for (const { where, what } of problems) process.stdout.write(`${where}: ${what}\n`);
const also = schemas === '' ? '' : ', by Make’s own schemas too';
process.stdout.write(
  problems.length === 0 ? `The app is valid${also}.\n` : `${wordOf(problems.length)} problems.\n`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
