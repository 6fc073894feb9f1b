import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of this run, which its processes share. */
export default function makeRunFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'onceonly-run-'));
  process.env.ONCEONLY_TEST_RUN = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
}
