// Bundles each node and credential into `dist`, as n8n loads them: CommonJS, the shared library inside, n8n-workflow left outside.
import { copyFileSync, cpSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import packageJson from './package.json' with { type: 'json' };

const here = import.meta.dirname;
const part = path.join(here, 'dist.part');
rmSync(part, { recursive: true, force: true });

/** `dist/nodes/….node.js` is made from `nodes/….node.ts`. */
const entries = [...packageJson.n8n.nodes, ...packageJson.n8n.credentials].map((file) =>
  file.replace(/^dist\//, '').replace(/\.js$/, ''),
);
await build({
  entryPoints: Object.fromEntries(entries.map((entry) => [entry, path.join(here, `${entry}.ts`)])),
  outdir: part,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['n8n-workflow'],
  alias: {
    '@onceonly/shared': path.join(here, '../shared/src'),
    'node:buffer': path.join(here, 'buffer.mjs'),
  },
  // n8n's scanner takes nothing that may write to the console, as acorn would where it is told no version of the language.
  define: { console: 'undefined' },
  logLevel: 'warning',
});
cpSync(path.join(here, 'icons'), path.join(part, 'icons'), { recursive: true });
for (const entry of entries.filter((each) => each.endsWith('.node'))) {
  mkdirSync(path.join(part, path.dirname(entry)), { recursive: true });
  cpSync(path.join(here, `${entry}.json`), path.join(part, `${entry}.json`));
}

// In place at once, so that nobody reads half of it.
const dist = path.join(here, 'dist');
rmSync(dist, { recursive: true, force: true });
renameSync(part, dist);

// For the package: npm packs only the licence that is in its own folder.
copyFileSync(path.join(here, '../LICENSE'), path.join(here, 'LICENSE'));
