import { StoreUnavailable, type Store } from '../claims/store.ts';
import type { Clock } from '../clock.ts';

type Driver = (path: string, options: StoreOptions) => Promise<Store>;

export interface StoreOptions {
  readonly clock: Clock;
  /** How long events are kept, in days; 30 if not said. */
  readonly eventDays?: number;
}

/** By the URL's scheme; a driver's libraries are loaded only where it is used. */
const DRIVERS: ReadonlyMap<string, Driver> = new Map<string, Driver>([
  [
    'sqlite',
    async (path, options) => (await import('./sqlite/store.ts')).openSqliteStore({ path, ...options }),
  ],
]);

/**
 * Opens the store that `url` names: `sqlite:PATH`.
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
  return driver(rest, options);
}
