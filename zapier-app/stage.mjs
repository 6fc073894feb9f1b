import { cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import packageJson from './package.json' with { type: 'json' };

const CORE = 'zapier-platform-core';
const here = import.meta.dirname;
const root = path.dirname(here);

/**
 * Fills a folder with the app as Zapier's CLI wants it: bundled, alone with zapier-platform-core and what that depends on.
 * For the CLI's `build` it must lie outside of the workspace, or parts of everything else are zipped too.
 */
export async function fillStage(stage) {
  mkdirSync(stage, { recursive: true });
  await build({
    entryPoints: [path.join(here, 'src', 'index.ts')],
    // The names in its comments are relative to this.
    absWorkingDir: here,
    outfile: path.join(stage, 'index.js'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    external: [CORE],
    logLevel: 'warning',
  });
  const { name, version, dependencies } = packageJson;
  const manifest = {
    name,
    version,
    private: true,
    type: 'module',
    exports: './index.js',
    dependencies: { [CORE]: dependencies[CORE] },
  };
  writeFileSync(path.join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  cpSync(path.join(here, '.zapierapprc'), path.join(stage, '.zapierapprc'));
  // Keeps the packages out of the source archive.
  writeFileSync(path.join(stage, '.gitignore'), 'node_modules\n');
  copyPackage(CORE, here, stage, new Map());
}

/** Copies a package and what it depends on, each where it lies in `node_modules` now, so that it is found the same way. */
function copyPackage(name, from, stage, copied) {
  const source = findPackage(name, from);
  const base = source.startsWith(here + path.sep) ? here : root;
  const target = path.join(stage, path.relative(base, source));
  if (copied.get(target) === source) return;
  if (copied.has(target)) throw new Error(`Two versions of ${name} would lie in one place.`);
  copied.set(target, source);
  cpSync(source, target, {
    recursive: true,
    filter: (file) =>
      file !== path.join(source, 'node_modules') &&
      (statSync(file).isDirectory() || /\.(js|mjs|cjs|json)$/.test(file)),
  });
  const { dependencies = {} } = JSON.parse(readFileSync(path.join(source, 'package.json'), 'utf8'));
  for (const dependency of Object.keys(dependencies)) copyPackage(dependency, source, stage, copied);
}

function findPackage(name, from) {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'node_modules', name);
    if (existsSync(path.join(candidate, 'package.json'))) return candidate;
    if (folder === root) throw new Error(`${name} is not installed: run npm install first.`);
  }
}
