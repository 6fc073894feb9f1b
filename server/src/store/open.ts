import { StoreUnavailable } from '../claims/claim-store.ts';
import { type Store, type Finding, type StoreMetrics, withoutPassword, type ReadOnlyStore } from './store.ts';
import type { Clock } from '../clock.ts';

type Driver = (path: string, options: StoreOptions) => Promise<Store>;

export interface StoreOptions {
  /** The clock of SQLite stores; the others use the clock of their database. Except in tests, nobody can set it. */
  readonly clock: Clock;
  /** The clock of this machine, with which the time of the store is compared. Default: `clock`. */
  readonly wall?: Clock;
  /** Whether the clock advances the time of a SQLite file. Default: true. False for commands that run beside the server. */
  readonly advancesTime?: boolean;
  /** Called with a finding about the time that passed before the store was opened, if there is one. */
  readonly onOpened?: (finding: Finding) => void;
  /** How many days events are kept. Default: 30. */
  readonly eventDays?: number;
  readonly metrics?: StoreMetrics | undefined;
}

/** The drivers by the scheme of the URL. The libraries of a driver are loaded only when it is used. */
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
 * @throws {StoreUnavailable} if the URL names no store, or the store cannot be used, with a sentence that says why.
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

/** Postgres has its own clock. The clock of this server is only compared with it. */
async function openPostgres(rest: string, options: StoreOptions): Promise<Store> {
  return (await import('./postgres/store.ts')).openPostgresStore({ url: `postgres:${rest}`, ...options });
}

/** Redis has its own clock, so the clocks in the options are not passed on. */
async function openRedis(url: string, { eventDays, metrics }: StoreOptions): Promise<Store> {
  const { openRedisStore } = await import('./redis/store.ts');
  return openRedisStore({ url, metrics, ...(eventDays === undefined ? {} : { eventDays }) });
}

/**
 * Opens the store that `url` names only for reading. `wall`: the clock of this machine.
 * @throws {NoStore} if there is none.
 * @throws {StoreUnavailable} if it cannot be reached or used, with a sentence that says why.
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
