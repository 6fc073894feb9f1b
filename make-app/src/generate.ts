import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generatedFiles } from './app-files.ts';
import { toFile } from './file-text.ts';

/** Writes every generated file of the app, and takes away modules and webhooks that are no more. */
const app = join(import.meta.dirname, '../app');
const files = generatedFiles();

for (const [path, contents] of files) {
  await mkdir(dirname(join(app, path)), { recursive: true });
  await writeFile(join(app, path), toFile(contents));
}
for (const folder of ['modules', 'webhooks']) {
  for (const name of await readdir(join(app, folder), { recursive: true })) {
    const path = `${folder}/${name.replaceAll('\\', '/')}`;
    if (path.endsWith('.json') && !files.has(path)) await rm(join(app, path));
  }
}
process.stdout.write(`${String(files.size)} files written to ${app}\n`);
