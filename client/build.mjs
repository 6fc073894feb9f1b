// Bundles the package: entry points that run anywhere and import nothing of Node, and what `store` needs, for Node only.
import { copyFileSync, cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generateDtsBundle } from 'dts-bundle-generator';
import { build } from 'esbuild';

const here = import.meta.dirname;
const part = path.join(here, 'dist.part');
rmSync(part, { recursive: true, force: true });
mkdirSync(part);

const source = (file) => path.join(here, 'src', file);
const common = {
  outdir: part,
  bundle: true,
  logLevel: 'warning',
  alias: { '@onceonly/shared': path.join(here, '../shared/src') },
};

/** The store is a module of its own, so that the package's `imports` can choose one for each runtime. */
const embeddedIsApart = {
  name: 'embedded-is-apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/embedded\/open\.ts$/ }, () => ({ path: '#embedded', external: true })),
};

/** Node's modules are replaced by portable ones. The code that checks webhook signatures is not used here and is dropped. */
const portable = {
  name: 'portable',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^node:buffer$/ }, () => ({ path: source('portable/buffer.ts') }));
    onResolve({ filter: /^node:crypto$/ }, ({ path, importer }) =>
      importer.endsWith('signature.ts')
        ? { path, external: true, sideEffects: false }
        : { path: source('portable/crypto.ts') },
    );
  },
};

const entries = {
  index: source('index.ts'),
  testing: source('testing/index.ts'),
  express: source('express.ts'),
  web: source('web.ts'),
  ai: source('ai.ts'),
};
for (const [format, ending] of [
  ['esm', '.js'],
  ['cjs', '.cjs'],
]) {
  await build({
    ...common,
    entryPoints: entries,
    outExtension: { '.js': ending },
    format,
    platform: 'neutral',
    external: ['ai'],
    mainFields: ['module', 'main'],
    target: 'es2022',
    // Jest, and others that run CommonJS in a context of their own, have no dynamic import.
    supported: { 'dynamic-import': format === 'esm' },
    plugins: [embeddedIsApart, portable],
  });
}
await build({
  ...common,
  entryPoints: {
    embedded: source('embedded/open.ts'),
    'no-embedded': source('no-embedded.ts'),
    'sqlite-worker': path.join(here, '../server/src/store/sqlite/worker.ts'),
  },
  format: 'esm',
  platform: 'node',
  target: 'node22',
});
await build({
  ...common,
  entryPoints: { embedded: source('embedded/open.ts') },
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
});
// The worker thread reads the migrations when it opens a store.
cpSync(path.join(here, '../server/src/store/sqlite/migrations'), path.join(part, 'migrations/sqlite'), {
  recursive: true,
});

// One file of types for each entry point, without imports from outside the package; written twice, for ESM and CommonJS.
const bundled = generateDtsBundle(
  Object.values(entries).map((filePath) => ({
    filePath,
    noCheck: true,
    output: { noBanner: true, exportReferencedTypes: false },
  })),
  { preferredConfigPath: path.join(here, '../tsconfig.json') },
);
for (const [index, name] of Object.keys(entries).entries())
  for (const ending of ['.d.ts', '.d.cts']) writeFileSync(path.join(part, name + ending), bundled[index]);

// Moved into place in one step, so that nobody reads a half-written folder.
const dist = path.join(here, 'dist');
rmSync(dist, { recursive: true, force: true });
renameSync(part, dist);

// npm packs only a licence that is in the package's own folder.
copyFileSync(path.join(here, '../LICENSE'), path.join(here, 'LICENSE'));
