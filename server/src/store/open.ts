import { StoreUnavailable, type Store } from '../claims/store.ts';
import type { Clock } from '../clock.ts';

type Driver = (
  where: { readonly url: string; readonly rest: string },
  options: StoreOptions,
) => Promise<Store>;

export interface StoreOptions {
  /** The server's: SQLite's time, and nobody else's. */
  readonly clock: Clock;
  /** In tests only: what a store with a clock of its own, a database, goes by instead of it. */
  readonly testClock?: Clock;
  /** How long events are kept, in days; 30 if not said. */
  readonly eventDays?: number;
}

async function openPostgres({ url }: { readonly url: string }, { eventDays, testClock }: StoreOptions) {
  const { openPostgresStore } = await import('./postgres/store.ts');
  return openPostgresStore({
    url,
    ...(eventDays === undefined ? {} : { eventDays }),
    ...(testClock === undefined ? {} : { testClock }),
  });
}

/** By the URL's scheme; a driver's libraries are loaded only where it is used. */
const DRIVERS: ReadonlyMap<string, Driver> = new Map<string, Driver>([
  [
    'sqlite',
    async ({ rest }, options) => (await import('./sqlite/store.ts')).openSqliteStore({ path: rest, ...options }),
  ],
  ['postgres', openPostgres],
  ['postgresql', openPostgres],
]);

/**
 * Opens the store that `url` names: `sqlite:PATH`, or `postgres://…`.
 * @throws {StoreUnavailable} where the URL names no store, or the store cannot be used, with a sentence that says why.
 */
export async function openStore(url: string, options: StoreOptions): Promise<Store> {
  const [, scheme, rest] = /^([a-z]+):(.+)$/s.exec(url) ?? [];
  const driver = DRIVERS.get(scheme ?? '');
  if (driver === undefined || rest === undefined) {
    throw new StoreUnavailable(
      `ONCEONLY_STORE is "${url}"; it has to be sqlite:PATH, such as sqlite:./onceonly.db.`,
    );
  }
  return driver({ url, rest }, options);
}
