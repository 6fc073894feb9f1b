// Bundles the package: for any runtime the entries, without a word of Node; for Node alone what `store` needs.
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
  // The shared client has a class of the same name as ours: no error may show another one.
  keepNames: true,
  logLevel: 'warning',
  alias: { '@onceonly/shared': path.join(here, '../shared/src') },
};

/** By the package's `imports`, each runtime finds the store that it can have. */
const embeddedIsApart = {
  name: 'embedded-is-apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/embedded\/open\.ts$/ }, () => ({ path: '#embedded', external: true })),
};

/** What checks signatures of webhooks is read and then dropped, and what it imports with it. */
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
// The thread reads them when it opens a store.
cpSync(path.join(here, '../server/src/store/sqlite/migrations'), path.join(part, 'migrations/sqlite'), {
  recursive: true,
});

// One file of types for each entry, which names nothing that is not in the package; once more for CommonJS.
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

// In place at once, so that nobody reads half of it.
const dist = path.join(here, 'dist');
rmSync(dist, { recursive: true, force: true });
renameSync(part, dist);

// For the package: npm packs only the licence that is in its own folder.
copyFileSync(path.join(here, '../LICENSE'), path.join(here, 'LICENSE'));
