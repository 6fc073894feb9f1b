/**
 * Builds `build/build.zip`, what Zapier runs, and `build/source.zip`, as `zapier-platform build` would: a test compares them
 * file by file. Zapier's CLI is 708 packages, which only publishing needs. With `--stage FOLDER` it fills that folder for the
 * CLI's own commands instead. Needs no network and no login.
 */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { zipSync } from 'fflate';
import { fillStage } from './stage.mjs';

const WRAPPER = 'zapierwrapper.js';
const DEFINITION = 'definition.json';
const SOURCE = ['.gitignore', '.zapierapprc', 'index.js', 'package.json'];

const target = path.join(import.meta.dirname, 'build');

const { values } = parseArgs({ options: { stage: { type: 'string' } } });
if (values.stage !== undefined) {
  await fillStage(path.resolve(values.stage));
} else {
  const stage = realpathSync(mkdtempSync(path.join(tmpdir(), 'onceonly-zapier-')));
  try {
    await fillStage(stage);
    publish('source.zip', zip(stage, SOURCE));
    // What `zapier-platform validate` loads in this folder, by the package's own name.
    publish('index.js', readFileSync(path.join(stage, 'index.js')));
    await addEntryPoint(stage);
    publish('build.zip', zip(stage, await filesThatRun(stage)));
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** What Zapier starts, from zapier-platform-core, and the app as its editor knows it. */
async function addEntryPoint(stage) {
  const { name } = JSON.parse(readFileSync(path.join(stage, 'package.json'), 'utf8'));
  const template = path.join(stage, 'node_modules/zapier-platform-core/include/zapierwrapper.mjs');
  const wrapper = path.join(stage, WRAPPER);
  writeFileSync(wrapper, readFileSync(template, 'utf8').replaceAll('{REPLACE_ME_PACKAGE_NAME}', name));
  const { handler } = await import(pathToFileURL(wrapper).href);
  const { results } = await handler({ command: 'definition', calledFromCli: true }, {});
  writeFileSync(path.join(stage, DEFINITION), JSON.stringify(results, null, 2));
}

/**
 * What the entry points import, with the package.json of each package; and what `.zapierapprc` adds, since some packages
 * give Node another file than esbuild finds.
 */
async function filesThatRun(stage) {
  const { metafile } = await build({
    entryPoints: [WRAPPER, 'index.js'],
    absWorkingDir: stage,
    outdir: 'build',
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: [],
    metafile: true,
    write: false,
    logLevel: 'warning',
    logOverride: { 'require-resolve-not-external': 'silent' },
    external: ['../test/userapp'],
  });
  const { includeInBuild } = JSON.parse(readFileSync(path.join(stage, '.zapierapprc'), 'utf8'));
  const added = ['(^|/)(package|definition)\\.json$', ...includeInBuild].map(
    (pattern) => new RegExp(pattern, 'i'),
  );
  const all = readdirSync(stage, { recursive: true }).map((file) => file.replaceAll(path.sep, '/'));
  const matching = all.filter((file) => added.some((pattern) => pattern.test(file)));
  // Of a file that is imported `with { type: 'json' }` the name says so.
  const imported = Object.keys(metafile.inputs).map((input) => input.replace(/ with \{.*\}$/, ''));
  return [...new Set([...imported, ...matching])].sort();
}

/** The same files make the same bytes, at any time. */
function zip(stage, files) {
  const mtime = new Date(1980, 0, 1);
  const readableByAll = { os: 3, attrs: 0o100644 << 16 };
  const entries = files.map((file) => [file, [readFileSync(path.join(stage, file)), readableByAll]]);
  return zipSync(Object.fromEntries(entries), { level: 9, mtime });
}

/** Puts each result in place at once, so that nobody reads half of it. */
function publish(name, bytes) {
  mkdirSync(target, { recursive: true });
  const file = path.join(target, name);
  writeFileSync(`${file}.part`, bytes);
  renameSync(`${file}.part`, file);
}
