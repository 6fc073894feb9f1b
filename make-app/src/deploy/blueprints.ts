import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How a blueprint names the modules of this app. */
export const APP_PREFIX = 'app#onceonly:';

/** Copies the scenarios to import into a folder of their own, with the name that the app has on Make. Answers where. */
export async function writeBlueprints(folder: string, name: string): Promise<string> {
  const copies = `${folder}-${name}`;
  await mkdir(copies, { recursive: true });
  for (const file of await readdir(folder)) {
    const text = await readFile(join(folder, file), 'utf8');
    await writeFile(join(copies, file), text.replaceAll(APP_PREFIX, `app#${name}:`));
  }
  return copies;
}
