import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of this run, which its processes share; and n8n's engine, which logs every error of a node, is told to be quiet. */
export default function makeRunFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'onceonly-run-'));
  process.env.TEST_RUN_FOLDER = folder;
  process.env.N8N_LOG_LEVEL = 'silent';
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
}
