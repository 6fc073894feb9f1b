import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';

interface Manifest {
  readonly devDependencies: Readonly<Record<string, string>>;
}

/**
 * Writes the folder in which the command of Zapier registers, validates and uploads the built app. `npm install` in the folder
 * installs that command. If an earlier release was registered, the id of the app is kept.
 */
export async function writeZapierFolder(root: string, folder: string, earlier: string): Promise<void> {
  const app = join(root, 'zapier-app');
  await mkdir(join(folder, 'build'), { recursive: true });
  for (const file of ['build.zip', 'source.zip'])
    await cp(join(app, 'build', file), join(folder, 'build', file));

  const built = unzipSync(await readFile(join(app, 'build/build.zip')), {
    filter: ({ name }) => name === 'index.js' || name === 'package.json',
  });
  const { 'index.js': index, 'package.json': manifest } = built;
  if (index === undefined || manifest === undefined)
    throw new Error('zapier-app/build/build.zip lacks index.js or package.json.');
  // The command loads the app from here to validate it.
  await writeFile(join(folder, 'index.js'), index);
  const cli = 'zapier-platform-cli';
  const { devDependencies } = JSON.parse(await readFile(join(app, 'package.json'), 'utf8')) as Manifest;
  const whole = {
    ...(JSON.parse(Buffer.from(manifest).toString()) as object),
    devDependencies: { [cli]: devDependencies[cli] },
  };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(whole, null, 2)}\n`);
  const settings = '.zapierapprc';
  await cp(join(earlier, settings), join(folder, settings)).catch(() =>
    cp(join(app, settings), join(folder, settings)),
  );
}
