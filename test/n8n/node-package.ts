import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const WORKSPACE = join(import.meta.dirname, '../../n8n-node');

/** Packs the built node as it is published, and unpacks it where n8n keeps what users install. */
export async function installNode(userFolder: string): Promise<void> {
  const folder = join(userFolder, '.n8n/nodes/node_modules/n8n-nodes-onceonly');
  const packed = await mkdtemp(join(tmpdir(), 'onceonly-packed-'));
  try {
    const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', packed];
    const { stdout } = await run('npm', args, { cwd: WORKSPACE });
    const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
    await mkdir(folder, { recursive: true });
    await run('tar', ['-xzf', join(packed, filename), '-C', folder, '--strip-components=1']);
  } finally {
    await rm(packed, { recursive: true, force: true });
  }
}
