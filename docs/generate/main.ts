import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MARK, sendersPage } from './senders-page.ts';

/** Writes what `docs/senders.md` has of the registry, and keeps what stands before it. */
const page = join(import.meta.dirname, '../senders.md');
const text = await readFile(page, 'utf8');
const end = text.indexOf(MARK);
if (end < 0)
  throw new Error(`docs/senders.md lacks the line “${MARK}”, behind which the senders are written.`);
await writeFile(page, text.slice(0, end + MARK.length) + sendersPage());
process.stdout.write(`The senders are written to ${page}\n`);
