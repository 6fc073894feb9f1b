/**
 * A process of its own that runs the unzipped app as Zapier does: the folder is its argument, events come over IPC, and
 * each is answered under its number. Many may be under way at once.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';

interface Task {
  readonly id: number;
  readonly event: unknown;
}

interface App {
  readonly handler: (event: unknown, context: object) => Promise<{ readonly results?: unknown }>;
}

const [folder = ''] = process.argv.slice(2);
const { handler } = (await import(pathToFileURL(path.join(folder, 'zapierwrapper.js')).href)) as App;

process.on('message', (task: Task) => {
  void answer(task);
});
process.on('disconnect', () => process.exit());
process.send?.('ready');

async function answer({ id, event }: Task): Promise<void> {
  try {
    const { results } = await handler(event, {});
    process.send?.({ id, results });
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    process.send?.({ id, error: { name, message } });
  }
}
