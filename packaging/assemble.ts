import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeChecksums } from './checksums.ts';
import { writeMakeFolder } from './make-folder.ts';
import { writeSboms } from './sbom.ts';
import { writeZapierFolder } from './zapier-folder.ts';

/** What npm publishes. */
const PUBLISHED = ['n8n-node', 'server', 'client'];

/**
 * Puts everything that people install into a folder, in place of what was there; the project has to be built.
 * Returns the names of what is in it.
 */
export async function assemble(root: string, folder: string): Promise<string[]> {
  const part = `${folder}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  const pack = ['pack', '--ignore-scripts', '--pack-destination', part];
  await promisify(execFile)('npm', [...pack, ...PUBLISHED.flatMap((each) => ['--workspace', each])], {
    cwd: root,
  });
  await cp(join(root, 'n8n-node/templates'), join(part, 'n8n-templates'), { recursive: true });
  await writeZapierFolder(root, join(part, 'zapier-app'), join(folder, 'zapier-app'));
  await writeMakeFolder(root, join(part, 'make-app'));
  await writeSboms(root, join(part, 'sbom'));
  await writeChecksums(part);
  // In place at once, so that nobody installs half of it.
  await rm(folder, { recursive: true, force: true });
  await rename(part, folder);
  return (await readdir(folder)).sort();
}
