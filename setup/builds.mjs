import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, runStep } from './run.mjs';

/** What is built, from which sources, and where the hash of those sources is kept. */
const builds = [
  {
    workspace: 'server',
    title: 'Building the server',
    from: ['shared/src', 'server/src', 'server/dashboard', 'server/package.json', 'server/build.mjs'],
    stamp: 'server/dist/.made-from',
    stages: ['start', 'release', 'all'],
  },
  {
    workspace: 'zapier-app',
    title: 'Building the Zapier app',
    from: [
      'shared/src',
      'zapier-app/src',
      'zapier-app/package.json',
      'zapier-app/build.mjs',
      'zapier-app/stage.mjs',
      'zapier-app/.zapierapprc',
    ],
    stamp: 'zapier-app/build/.made-from',
    stages: ['start', 'release', 'all'],
  },
  {
    workspace: 'n8n-node',
    title: 'Building the n8n node',
    from: [
      'shared/src',
      'n8n-node/nodes',
      'n8n-node/credentials',
      'n8n-node/icons',
      'n8n-node/package.json',
      'n8n-node/build.mjs',
      'n8n-node/buffer.mjs',
    ],
    stamp: 'n8n-node/build/.made-from',
    stages: ['release', 'all'],
  },
  {
    workspace: 'client',
    title: 'Building the package for programmers',
    from: ['shared/src', 'server/src', 'client/src', 'client/package.json', 'client/build.mjs'],
    stamp: 'client/dist/.made-from',
    stages: ['release', 'all'],
  },
];

/** Builds everything that the stage needs and that is missing or was built from other sources, one after the other. */
export async function buildAll(stage) {
  for (const { workspace, title, from, stamp, stages } of builds) {
    if (!stages.includes(stage)) continue;
    const wanted = hashOf(['package-lock.json', ...from]);
    const file = join(root, stamp);
    if (existsSync(file) && readFileSync(file, 'utf8') === wanted) continue;
    await runStep(title, 'npm', ['run', 'build', '--silent', '-w', workspace]);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, wanted);
  }
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesOf)) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function filesOf(path) {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}
