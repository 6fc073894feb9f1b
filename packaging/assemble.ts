import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeChecksums } from './checksums.ts';
import { writeMakeFolder } from './make-folder.ts';
import { writeSboms } from './sbom.ts';
import { writeZapierFolder } from './zapier-folder.ts';

/** The workspaces that are published on npm. */
const PUBLISHED = ['n8n-node', 'server', 'client'];

/**
 * Puts everything that people install into a folder, and replaces what was there. The project must be built before.
 * Returns the names of the files.
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
  // Moved into place in one step, so that nobody can install half of it.
  await rm(folder, { recursive: true, force: true });
  await rename(part, folder);
  return (await readdir(folder)).sort();
}
