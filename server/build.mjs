// Bundles the server for `npm pack`: our own code and the shared library, with the dependencies left outside.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

await build({
  entryPoints: { cli: path('src/cli/main.ts'), 'sqlite-worker': path('src/store/sqlite/worker.ts') },
  outdir: path('dist'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  packages: 'external',
  alias: { '@onceonly/shared': path('../shared/src') },
  logLevel: 'warning',
});
