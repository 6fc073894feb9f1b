import { StoreUnavailable } from '../claims/claim-store.ts';
import { type Store, type Finding, type StoreMetrics, withoutPassword, type ReadOnlyStore } from './store.ts';
import type { Clock } from '../clock.ts';

type Driver = (path: string, options: StoreOptions) => Promise<Store>;

export interface StoreOptions {
  /** The server's: SQLite's time, and no other store's. One that nobody can set, but for tests. */
  readonly clock: Clock;
  /** This machine's clock, which the store's time is compared with; `clock` if not said. */
  readonly wall?: Clock;
  /** Whether the clock moves a SQLite file's time on; default true. False for a command that runs beside the server. */
  readonly advancesTime?: boolean;
  /** Told what there is to say of the time that passed before the store was opened. */
  readonly onOpened?: (finding: Finding) => void;
  /** How long events are kept, in days; 30 if not said. */
  readonly eventDays?: number;
  readonly metrics?: StoreMetrics | undefined;
}

/** By the URL's scheme; a driver's libraries are loaded only where it is used. */
const DRIVERS: ReadonlyMap<string, Driver> = new Map<string, Driver>([
  [
    'sqlite',
    async (path, options) => (await import('./sqlite/store.ts')).openSqliteStore({ path, ...options }),
  ],
  ['postgres', openPostgres],
  ['postgresql', openPostgres],
  ['redis', (rest, options) => openRedis(`redis:${rest}`, options)],
  ['rediss', (rest, options) => openRedis(`rediss:${rest}`, options)],
]);

/**
 * Opens the store that `url` names: `sqlite:PATH`, `postgres://…`, `redis://…` or `rediss://…`.
 * @throws {StoreUnavailable} where the URL names no store, or the store cannot be used, with a sentence that says why.
 */
export async function openStore(url: string, options: StoreOptions): Promise<Store> {
  const [, scheme, rest] = /^([a-z]+):(.+)$/s.exec(url) ?? [];
  const driver = DRIVERS.get(scheme ?? '');
  if (driver === undefined || rest === undefined) {
    throw new StoreUnavailable(
      `ONCEONLY_STORE is "${withoutPassword(url)}"; it has to be sqlite:PATH, such as sqlite:./onceonly.db, postgres://USER:PASSWORD@HOST/DATABASE, or redis://HOST:PORT.`,
    );
  }
  return driver(rest, options);
}

/** Postgres brings its own time: this server's clock is only compared with it. */
async function openPostgres(rest: string, options: StoreOptions): Promise<Store> {
  return (await import('./postgres/store.ts')).openPostgresStore({ url: `postgres:${rest}`, ...options });
}

/** Redis brings its own time: a server's clock means nothing to it. */
async function openRedis(url: string, { eventDays, metrics }: StoreOptions): Promise<Store> {
  const { openRedisStore } = await import('./redis/store.ts');
  return openRedisStore({ url, metrics, ...(eventDays === undefined ? {} : { eventDays }) });
}

/**
 * Looks at the store that `url` names. `wall`: this machine's clock.
 * @throws {NoStore} where there is none.
 * @throws {StoreUnavailable} where it cannot be reached or used, with a sentence that says why.
 */
export async function openReadOnly(url: string, wall: Clock): Promise<ReadOnlyStore> {
  const [, scheme, rest = ''] = /^([a-z]+):(.+)$/s.exec(url) ?? [];
  switch (scheme) {
    case 'sqlite':
      return (await import('./sqlite/read-only.ts')).openFileReadOnly(rest, wall);
    case 'redis':
    case 'rediss':
      return (await import('./redis/read-only.ts')).openRedisReadOnly(url);
    default:
      return (await import('./postgres/read-only.ts')).openPostgresReadOnly(`postgres:${rest}`, wall);
  }
}
