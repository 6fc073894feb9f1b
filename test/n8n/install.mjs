/**
 * `node test/n8n/install.mjs n8n` (or `tools`) installs what `pinned/n8n` (or `pinned/tools`) names, once a machine and
 * outside the clone, since a real n8n is 3 GB; prints its folder. Says on the error output what it does. May be run many
 * times at once, and goes on where it was cut off.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

const LOCKED_MS = 30 * 60_000;
const here = dirname(fileURLToPath(import.meta.url));
const PROCESS_GROUP = join(here, '../../setup/process-group.mjs');
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'onceonly-apps');

const pins = {
  n8n: { folder: 'n8n-2.41.1', afterwards: compileSqlite },
  tools: { folder: 'n8n-tools-0.48.3', afterwards: () => {} },
};

/** In a process group that is killed with this process: a command that ran on would write into the folder of the next installation. */
async function run(command, args, cwd, env = {}) {
  const child = spawn(process.execPath, [PROCESS_GROUP, command, ...args], {
    cwd,
    stdio: ['pipe', 2, 2],
    env: { ...process.env, ...env },
  });
  const [status] = await once(child, 'exit');
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}, in ${cwd}`);
}

/** A folder with the headers of this Node: beside it, or as npm has them. */
async function headersOf(folder) {
  const beside = dirname(dirname(process.execPath));
  if (existsSync(join(beside, 'include/node/node.h'))) return beside;
  const name = `node-${process.platform}-${process.arch}`;
  const target = join(folder, '.headers');
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'package.json'), '{}');
  const quietly = ['--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', ...quietly, `${name}@${process.versions.node}`], target);
  return join(target, 'node_modules', name);
}

/** The only native part that npm does not bring ready-made. */
async function compileSqlite(folder) {
  const nodedir = await headersOf(folder);
  const gyp = createRequire(join(folder, 'node_modules/sqlite3/package.json')).resolve(
    'node-gyp/bin/node-gyp.js',
  );
  console.error('Compiling sqlite3 for n8n, half a minute …');
  await run(
    process.execPath,
    [gyp, 'rebuild', '--silent', `--nodedir=${nodedir}`],
    join(folder, 'node_modules/sqlite3'),
    {
      CFLAGS: '-O1 -w',
      CXXFLAGS: '-O1 -w',
      MAKEFLAGS: '-s',
    },
  );
  await run(process.execPath, ['-e', "require('sqlite3'); require('isolated-vm')"], folder);
}

async function install({ folder: name, afterwards }, pinned) {
  const hash = createHash('sha256')
    .update(readFileSync(join(pinned, 'package-lock.json')))
    .digest('hex');
  const folder = join(cache, `${name}-${hash.slice(0, 8)}`);
  const ok = join(folder, '.ok');
  if (existsSync(ok)) return folder;

  mkdirSync(folder, { recursive: true });
  // Let go by the system itself if this process dies.
  const lock = new DatabaseSync(`${folder}.lock`, { timeout: LOCKED_MS });
  lock.exec('BEGIN EXCLUSIVE');
  if (existsSync(ok)) return folder;
  console.error(`Installing ${name} into ${folder}, some minutes, once …`);
  const unpacked = join(folder, '.unpacked');
  if (!existsSync(unpacked)) {
    for (const file of ['package.json', 'package-lock.json'])
      copyFileSync(join(pinned, file), join(folder, file));
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], folder);
    writeFileSync(unpacked, '');
  }
  await afterwards(folder);
  writeFileSync(ok, '');
  lock.close();
  return folder;
}

const [which = 'n8n'] = process.argv.slice(2);
if (!(which in pins)) throw new Error(`install.mjs n8n, or install.mjs tools; not ${which}`);
console.log(await install(pins[which], join(here, 'pinned', which)));
