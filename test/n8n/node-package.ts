import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { commandsOf } from '../../packaging/test/commands.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');

/** Packs the built node as it is published, and types what README.md says, in the home folder of an n8n. */
export async function installNode(home: string): Promise<void> {
  const clone = await mkdtemp(join(tmpdir(), 'onceonly-packed-'));
  const release = join(clone, 'release');
  try {
    await mkdir(release);
    const pack = ['pack', '--ignore-scripts', '--workspace', 'n8n-node', '--pack-destination', release];
    await run('npm', pack, { cwd: ROOT });
    const [byHand = []] = commandsOf(await readFile(join(ROOT, 'README.md'), 'utf8'), '### n8n');
    await run('sh', ['-e', '-c', byHand.join('\n')], { cwd: clone, env: { ...process.env, HOME: home } });
  } finally {
    await rm(clone, { recursive: true, force: true });
  }
}
