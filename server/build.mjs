// Bundles the server for `npm pack`: our own code and the shared library, with the dependencies left outside.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

// Chunks are named by their content: those of an earlier build would be published too.
rmSync(path('dist'), { recursive: true, force: true });
await build({
  entryPoints: { cli: path('src/cli/main.ts'), 'sqlite-worker': path('src/store/sqlite/worker.ts') },
  outdir: path('dist'),
  bundle: true,
  // So that a command loads what it needs, and not what others need.
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  packages: 'external',
  alias: { '@onceonly/shared': path('../shared/src') },
  logLevel: 'warning',
});
