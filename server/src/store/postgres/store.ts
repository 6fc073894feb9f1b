import { StoreUnavailable } from '../../claims/claim-store.ts';
import { messageOf } from '../../error-message.ts';
import type { Store, StoreMetrics } from '../store.ts';
import { countElapsed, type Clock } from '../../clock.ts';
import { differing, watchSteps } from '../shared/time.ts';
import { createGroupQueue } from '../shared/group-queue.ts';
import type { Send, CallName } from '../shared/requests.ts';
import { storeOf } from '../shared/store-of.ts';
import { createRequestRunner } from './requests.ts';
import { durabilityOf, readSettings } from './durability.ts';
import { watchDisk } from './disk.ts';
import { createEventBuffer } from './event-writer.ts';
import { KEY_KINDS } from '../shared/claim-handlers.ts';
import { createBatchRunner } from './batches.ts';
import { checkGrants, checkRequirements } from './requirements.ts';
import { migrate } from './migrations.ts';
import { openConnection, type Connection } from './connection.ts';
import { createTenants } from './tenants.ts';
import { createStoreTime } from './time.ts';

export interface PostgresStoreOptions {
  /** `postgres://…` */
  readonly url: string;
  /** How many days events are kept. Default: 30. */
  readonly eventDays?: number;
  /** The clock of this server. It is only compared with the clock of the database. */
  readonly clock: Clock;
  /** Used instead of the clock of the database, in tests. */
  readonly testClock?: Clock;
  /** Measures only the requests on single keys, because the others would distort the numbers. */
  readonly metrics?: StoreMetrics | undefined;
}

/** A call without an answer is given up after this time. */
const TIMEOUT_MS = 5_000;
/** The longest time that events wait, so that many are written together. */
const FLUSH_MS = 200;

/**
 * Opens a store in one Postgres database, which any number of servers may share. It has three connections: one for requests on single
 * keys, where requests that arrive together share a transaction; one for looking up API keys, which never waits for a sweep; and one
 * for everything else.
 * @throws {StoreUnavailable} if the database cannot be used, with a sentence that says why.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { url, eventDays = 30, clock, testClock, metrics } = options;
  const connections = {
    keys: openConnection(url),
    access: openConnection(url),
    requests: openConnection(url),
  };
  // When a test sets the time, it must not run on by itself.
  const elapsed = testClock === undefined ? countElapsed() : () => 0;
  const time = createStoreTime(testClock, elapsed);
  const steps = watchSteps("The database's clock", elapsed);
  let flushing: NodeJS.Timeout | undefined;
  let closing: Promise<void> | undefined;
  const buffer = createEventBuffer(() => {
    if (closing === undefined) flushing ??= setTimeout(flush, FLUSH_MS);
  });
  const disk = watchDisk();
  const runnerOf = (connection: Connection) =>
    createRequestRunner({
      connection,
      tenants: createTenants(connection),
      buffer,
      time,
      disk,
      eventDays,
      clock,
    });
  const requests = runnerOf(connections.requests);
  const run = createBatchRunner({
    connection: connections.keys,
    tenants: createTenants(connections.keys),
    buffer,
    time,
    disk,
  });
  const keyQueue = createGroupQueue({
    timeoutMs: TIMEOUT_MS,
    metrics,
    async run(requests) {
      metrics?.grouped(requests.length);
      const replies = await run(requests);
      return () => replies;
    },
  });
  const queueOf = (runner: ReturnType<typeof runnerOf>) =>
    createGroupQueue({
      timeoutMs: TIMEOUT_MS,
      async run(requests) {
        const replies = await runner.run(requests);
        return () => replies;
      },
    });
  const accessQueue = queueOf(runnerOf(connections.access));
  const requestQueue = queueOf(requests);
  const queues = [keyQueue, accessQueue, requestQueue];

  function flush(): void {
    flushing = undefined;
    requests
      .flush()
      .catch(() => undefined)
      .finally(() => {
        if (buffer.size > 0 && closing === undefined) flushing ??= setTimeout(flush, FLUSH_MS);
      });
  }

  async function end(): Promise<void> {
    await Promise.all(queues.map((queue) => queue.close()));
    await requests.flush().catch(() => undefined);
    clearTimeout(flushing);
    await Promise.all(Object.values(connections).map((connection) => connection.close()));
  }

  try {
    await connections.requests.transaction(checkRequirements);
    await migrated(url);
    await connections.requests.transaction(checkGrants);
    const durability = durabilityOf(await connections.requests.transaction(readSettings));
    const queueFor = (kind: CallName) =>
      OF_KEYS.has(kind) ? keyQueue : OF_ACCESS.has(kind) ? accessQueue : requestQueue;
    const send: Send = (kind, fields) => queueFor(kind).send(kind, fields);
    return storeOf(send, {
      durability,
      findings: ({ now, clock }) =>
        clock === null ? [] : [...differing(now, clock, THE_DATABASE), ...(testClock ? [] : steps(clock))],
      close: () => (closing ??= end()),
    });
  } catch (error) {
    await Promise.allSettled(Object.values(connections).map((connection) => connection.close()));
    if (error instanceof StoreUnavailable) throw error;
    throw new StoreUnavailable(`The database cannot be used: ${messageOf(error)}`);
  }
}

const THE_DATABASE = {
  of: "the database's clock, which was set back",
  whenAhead:
    'Nothing has to be done. Let its machine set its clock by NTP alone, which corrects it little by little.',
  whenBehind: '',
} as const;

/** Long, because another server may be migrating, and tables may be large. */
const MIGRATION_MS = 120_000;

async function migrated(url: string): Promise<void> {
  const connection = openConnection(url, MIGRATION_MS);
  try {
    await migrate(connection);
  } finally {
    await connection.close();
  }
}

const OF_KEYS: ReadonlySet<CallName> = new Set(KEY_KINDS);
const OF_ACCESS: ReadonlySet<CallName> = new Set(['findApiKey', 'findApiKeyById', 'check']);
