import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generatedFiles } from './app-files.ts';

/** Writes every generated file of the app. A file that nothing names any more is found by `validate`. */
const app = join(import.meta.dirname, '../app');
const files = generatedFiles();

for (const [path, contents] of files) {
  await mkdir(dirname(join(app, path)), { recursive: true });
  await writeFile(join(app, path), `${JSON.stringify(contents, null, 2)}\n`);
}
process.stdout.write(`${String(files.size)} files written to ${app}\n`);
