import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Writes the Make app, scenarios to import, and `deploy.mjs`, which needs only Node. */
export async function writeMakeFolder(root: string, folder: string): Promise<void> {
  for (const each of ['app', 'blueprints'])
    await cp(join(root, 'make-app', each), join(folder, each), { recursive: true });
  await build({
    entryPoints: [join(import.meta.dirname, 'make-deploy.ts')],
    outfile: join(folder, 'deploy.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    logLevel: 'warning',
  });
}
