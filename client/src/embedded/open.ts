import { startChore } from '../../../server/src/chore.ts';
import { createWaiting } from '../../../server/src/claims/waiting.ts';
import { steadyClock } from '../../../server/src/clock.ts';
import { openSqliteStore } from '../../../server/src/store/sqlite/store.ts';
import type { Place } from '../once.ts';
import { createTransport } from './transport.ts';

/** The first with `node:sqlite`, as numbers. */
const NEEDED = [22, 13] as const;
const SWEEP_EVERY_MS = 60_000;

/**
 * Claims in a SQLite file, in a thread of this process; several processes on one machine may share it. The process may end
 * while nothing is asked.
 * @throws where the file cannot be used, with a sentence that says why.
 */
export async function openEmbedded(path: string): Promise<Place> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1]))
    throw new Error(
      `An embedded store needs Node ${NEEDED.join('.')} or newer; this is ${process.versions.node}.`,
    );
  const store = await openSqliteStore({ path, clock: steadyClock(), isBackground: true });
  const waiting = createWaiting(store.claims);
  const sweep = startChore((rows) => store.claims.sweep(rows), {
    everyMs: SWEEP_EVERY_MS,
    // What stands in its way, the next claim is told as well.
    onError: () => undefined,
  });
  return {
    transport: createTransport(store.claims, waiting),
    async close() {
      waiting.stop();
      await sweep.stop();
      await store.close();
    },
  };
}
