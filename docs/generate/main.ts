import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messagesPage } from './messages-page.ts';
import { MARK, sendersPage } from './senders-page.ts';

/** Writes what pages have of the source, and keeps what stands before it. */
for (const [page, written] of [
  ['senders.md', sendersPage()],
  ['messages.md', messagesPage()],
] as const) {
  const file = join(import.meta.dirname, '..', page);
  const text = await readFile(file, 'utf8');
  const end = text.indexOf(MARK);
  if (end < 0) throw new Error(`docs/${page} lacks the line “${MARK}”, behind which it is written.`);
  await writeFile(file, text.slice(0, end + MARK.length) + written);
  process.stdout.write(`Written: ${file}\n`);
}
