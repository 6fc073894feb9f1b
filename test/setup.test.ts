import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

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
