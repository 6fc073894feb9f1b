import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { until } from '../server/test/receiver.ts';

const run = pathToFileURL(join(__dirname, '../setup/run.mjs')).href;

/** What set-up says of a step that writes this and ends with that code; set-up is plain JavaScript of its own process. */
function said(output: string, code: number): string {
  const step = ['-c', `echo "${output}" >&2; exit ${String(code)}`];
  const script = `import { runStep } from ${JSON.stringify(run)};
    await runStep('A step', 'sh', ${JSON.stringify(step)}).then(() => console.log('done'), ({ message }) => console.log(message));`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

test('a step fails on a full disk, of which npm only warns, and says in a sentence what to do', () => {
  expect(said('npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write', 0)).toMatch(
    /^A step failed after \d+ s\. The disk is full\. .*run the same command again.*\n$/,
  );
  expect(said('npm error code ECONNREFUSED', 1)).toMatch(/npm cannot reach its registry.*again[^\n]*\n$/);
  expect(said('npm error path /srv/x\nnpm error code EACCES', 1)).toContain('It may not write /srv/x.');
  expect(said('npm warn deprecated a network library', 0)).toBe('done\n');
});

test('a step ends where set-up is killed: npm would go on, and write where the next set-up installs', async () => {
  const file = join(tmpdir(), `onceonly-step-${String(process.pid)}`);
  const step = ['-c', `echo $$ > '${file}.part'; mv '${file}.part' '${file}'; sleep 60`];
  const script = `import { runStep } from ${JSON.stringify(run)}; await runStep('A step', 'sh', ${JSON.stringify(step)});`;
  const setUp = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
  try {
    await until(() => existsSync(file));
    const pid = Number(readFileSync(file, 'utf8'));
    expect(isRunning(pid)).toBe(true);
    setUp.kill('SIGKILL');
    await until(() => !isRunning(pid));
  } finally {
    setUp.kill('SIGKILL');
    rmSync(file, { force: true });
  }
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
