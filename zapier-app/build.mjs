/**
 * Builds `build/build.zip`, what Zapier runs, and `build/source.zip`; with `--validate` it checks the app against Zapier's
 * schema instead. Needs no network and no login. The app is bundled into a temporary folder first, alone with
 * zapier-platform-core and what that depends on: inside the workspace Zapier's CLI would zip parts of everything else.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import packageJson from './package.json' with { type: 'json' };

const CORE = 'zapier-platform-core';
const here = import.meta.dirname;
const root = path.dirname(here);
const stage = mkdtempSync(path.join(tmpdir(), 'onceonly-zapier-'));
try {
  await fillStage();
  if (process.argv.includes('--validate')) {
    process.exitCode = runCli('validate', '--without-style');
  } else {
    // Zapier's style checks need a login: our own tests look at the same rules.
    const runBuild = () => runCli('build', '--skip-dep-install', '--skip-validation');
    // Zapier's CLI starts what it built and gives it five seconds, which a busy machine needs more than once.
    process.exitCode = runBuild() && runBuild() && runBuild();
    if (process.exitCode === 0) publish('build.zip', 'source.zip');
  }
} finally {
  rmSync(stage, { recursive: true, force: true });
}

async function fillStage() {
  await build({
    entryPoints: [path.join(here, 'src', 'index.ts')],
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
  copyPackage(CORE, here, new Set());
}

/** Copies a package and what it depends on, each where it lies in `node_modules` now, so that it is found the same way. */
function copyPackage(name, from, copied) {
  const source = findPackage(name, from);
  if (copied.has(source)) return;
  copied.add(source);
  const base = source.startsWith(here + path.sep) ? here : root;
  const target = path.join(stage, path.relative(base, source));
  if (existsSync(target)) throw new Error(`Two versions of ${name} would lie in one place.`);
  cpSync(source, target, {
    recursive: true,
    filter: (file) =>
      file !== path.join(source, 'node_modules') &&
      (statSync(file).isDirectory() || /\.(js|mjs|cjs|json)$/.test(file)),
  });
  const { dependencies = {} } = JSON.parse(readFileSync(path.join(source, 'package.json'), 'utf8'));
  for (const dependency of Object.keys(dependencies)) copyPackage(dependency, source, copied);
}

function findPackage(name, from) {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'node_modules', name);
    if (existsSync(path.join(candidate, 'package.json'))) return candidate;
    if (folder === root) throw new Error(`${name} is not installed: run npm ci first.`);
  }
}

/** Says nothing where all went well. */
function runCli(...args) {
  const cli = fileURLToPath(new URL('src/bin/run', import.meta.resolve('zapier-platform-cli/package.json')));
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd: stage,
    encoding: 'utf8',
    env: { ...process.env, DISABLE_ZAPIER_ANALYTICS: '1', NO_UPDATE_NOTIFIER: '1' },
  });
  if (status !== 0) process.stderr.write(stdout + stderr);
  return status ?? 1;
}

/** Puts each result in place at once, so that nobody reads half of it. */
function publish(...files) {
  const target = path.join(here, 'build');
  mkdirSync(target, { recursive: true });
  for (const file of files) {
    cpSync(path.join(stage, 'build', file), path.join(target, `${file}.part`));
    renameSync(path.join(target, `${file}.part`), path.join(target, file));
  }
}
