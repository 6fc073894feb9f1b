/**
 * `node setup.mjs COMMAND …` installs and builds what is missing or stale, then runs the command on the Node that the
 * project pins. Plain JavaScript without dependencies, since it runs before there are any, on whatever Node is there.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));

/** What is made, from what, by which command, and where the hash of its sources is kept. */
const dependencies = {
  name: 'dependencies',
  from: ['package-lock.json'],
  stamp: 'node_modules/.made-from',
  // What is there already is brought up to date; anew it takes minutes.
  command: ['npm', existsSync(join(root, 'node_modules')) ? 'install' : 'ci', '--no-audit', '--no-fund'],
};

const builds = [
  {
    name: 'the server',
    from: [
      'package-lock.json',
      'shared/src',
      'server/src',
      'server/dashboard',
      'server/package.json',
      'server/build.mjs',
    ],
    stamp: 'server/dist/.made-from',
    command: ['npm', 'run', 'build', '--silent', '-w', 'server'],
  },
  {
    name: 'the Zapier app',
    from: [
      'package-lock.json',
      'shared/src',
      'zapier-app/src',
      'zapier-app/package.json',
      'zapier-app/build.mjs',
      'zapier-app/.zapierapprc',
    ],
    stamp: 'zapier-app/build/.made-from',
    command: ['npm', 'run', 'build', '--silent', '-w', 'zapier-app'],
  },
  {
    name: 'the n8n node',
    from: [
      'package-lock.json',
      'shared/src',
      'n8n-node/nodes',
      'n8n-node/credentials',
      'n8n-node/icons',
      'n8n-node/package.json',
      'n8n-node/build.mjs',
      'n8n-node/buffer.mjs',
    ],
    stamp: 'n8n-node/build/.made-from',
    command: ['npm', 'run', 'build', '--silent', '-w', 'n8n-node'],
  },
];

function filesOf(path) {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesOf)) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

/** As the commands see it: what the dependencies bring comes first. */
const env = { ...process.env, PATH: join(root, 'node_modules', '.bin') + delimiter + process.env.PATH };

function run(command, args, stdio) {
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio, env });
  if (error) throw error;
  return signal ? 1 : status;
}

function make({ name, from, stamp, command }) {
  const wanted = hashOf(from);
  const file = join(root, stamp);
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted) return;
  console.error(`Preparing ${name} …`);
  // Its output is not the command's: it goes where messages go.
  const status = run(command[0], command.slice(1), ['ignore', 2, 2]);
  if (status !== 0) process.exit(status);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, wanted);
}

/** Sources are TypeScript, which Node runs by itself from 22.18 on. */
function checkNode() {
  const version = spawnSync('node', ['-v'], { encoding: 'utf8', env }).stdout.trim();
  const [major, minor] = version.slice(1).split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return;
  console.error(
    `This project runs on Node 22.18 or newer, and found ${version}. npm has not run the install script of the package ` +
      '"node", which brings the right one: run "npm rebuild node --foreground-scripts", or install Node 24.',
  );
  process.exit(1);
}

make(dependencies);
checkNode();
builds.forEach(make);
const [command, ...args] = process.argv.slice(2);
if (command !== undefined) process.exit(run(command, args, 'inherit'));
