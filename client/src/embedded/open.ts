import { resolve } from 'node:path';
import { startChore } from '../../../server/src/chore.ts';
import { createWaiting } from '../../../server/src/claims/waiting.ts';
import { steadyClock } from '../../../server/src/clock.ts';
import { watchIdentity } from '../../../server/src/store/sqlite/file.ts';
import { openSqliteStore } from '../../../server/src/store/sqlite/store.ts';
import type { Backend } from '../once.ts';
import { openEmbedded as openElsewhere } from '../no-embedded.ts';
import { createTransport } from './transport.ts';

/** The first version with `node:sqlite`: major and minor. */
const NEEDED = [22, 13] as const;
const SWEEP_EVERY_MS = 60_000;

/** The runtime and its parts. Others than Node say which Node they are like, too. */
type Versions = Readonly<Record<string, string | undefined>> & { readonly node: string };

/** Checks once for the answers that arrive together, which were committed together: a look at the file costs as much as a claim's rules. */
function onceATurn(check: () => void): () => void {
  let isChecked = false;
  return () => {
    if (isChecked) return;
    check();
    isChecked = true;
    queueMicrotask(() => {
      isChecked = false;
    });
  };
}

/**
 * Keeps claims in a SQLite file, in a worker thread. Several processes on one machine may share the file. The store does not
 * keep an idle process alive.
 * @throws if the file cannot be used, with a sentence that says why.
 */
export async function openEmbedded(path: string, versions: Versions = process.versions): Promise<Backend> {
  if ('deno' in versions || 'bun' in versions) return openElsewhere();
  const [major = 0, minor = 0] = versions.node.split('.').map(Number);
  if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1]))
    throw new Error(`An embedded store needs Node ${NEEDED.join('.')} or newer; this is ${versions.node}.`);
  const absolute = resolve(path);
  const store = await openSqliteStore({ path, clock: steadyClock(), isBackground: true });
  const waiting = createWaiting(store.claims);
  const sweep = startChore((rows) => store.claims.sweep(rows), {
    everyMs: SWEEP_EVERY_MS,
    // The next claim fails for the same reason, and reports it.
    onError: () => undefined,
  });
  return {
    transport: createTransport(store.claims, waiting, onceATurn(watchIdentity(absolute))),
    async close() {
      waiting.stop();
      await sweep.stop();
      await store.close();
    },
  };
}
