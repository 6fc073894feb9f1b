// Bundles the server for `npm pack`: our own code and the shared library, without the dependencies; and the dashboard with
// everything it needs, under file names that change with the content.
import { copyFileSync, cpSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

rmSync(path('dist.part'), { recursive: true, force: true });
await build({
  entryPoints: {
    cli: path('src/cli/main.ts'),
    'sqlite-worker': path('src/store/sqlite/worker.ts'),
    'task-thread': path('src/http/task-thread.ts'),
  },
  outdir: path('dist.part'),
  bundle: true,
  // With splitting, a command loads only the code that it needs.
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  packages: 'external',
  alias: { '@onceonly/shared': path('../shared/src') },
  logLevel: 'warning',
});

// The server reads them when it opens a store.
for (const store of ['sqlite', 'postgres']) {
  cpSync(path(`src/store/${store}/migrations`), path(`dist.part/migrations/${store}`), { recursive: true });
}
cpSync(path('src/store/redis/lua'), path('dist.part/lua'), { recursive: true });

const { metafile } = await build({
  entryPoints: [path('dashboard/main.tsx'), path('dashboard/style/main.css'), path('dashboard/icon.svg')],
  outdir: path('dist.part/dashboard'),
  entryNames: '[name]-[hash]',
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['chrome111', 'firefox113', 'safari16.4'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.svg': 'copy' },
  metafile: true,
  logLevel: 'warning',
});

const made = Object.keys(metafile.outputs).map((file) => basename(file));
const url = (ending) => `dashboard/${made.find((name) => name.endsWith(ending))}`;
writeFileSync(
  path('dist.part/dashboard/index.html'),
  `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>OnceOnly</title>
    <link rel="icon" href="${url('.svg')}" />
    <link rel="stylesheet" href="${url('.css')}" />
    <script type="module" src="${url('.js')}"></script>
  </head>
  <body>
    <div id="page"></div>
    <noscript>The dashboard needs JavaScript. Turn it on for this page, and load it again.</noscript>
  </body>
</html>
`,
);

// In place at once: a server that runs, or a test, would miss files for as long as the build takes. Chunks are named by their
// content, so those of an earlier build would be published too if they stayed.
rmSync(path('dist'), { recursive: true, force: true });
renameSync(path('dist.part'), path('dist'));

// npm packs only a licence that is in the package's own folder.
copyFileSync(path('../LICENSE'), path('LICENSE'));
