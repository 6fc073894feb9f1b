import { isIP } from 'node:net';
import type { Cluster, Redis, RedisOptions } from 'ioredis';
import { StoreUnavailable } from '../../claims/claim-store.ts';
import type { Address } from './address.ts';
import { NOT_CONNECTED, unavailable } from './failures.ts';

/** A connection to one Redis or a cluster, which reconnects until it is closed. */
export interface Client {
  readonly redis: Redis | Cluster;
  /** The last error of a connection. If there is no connection, it says why. */
  lastError(): Error | undefined;
  readonly isCluster: boolean;
  /** One connection to each primary. */
  nodes(): readonly Redis[];
  disconnect(): void;
}

/** A call without an answer is given up after this time, together with its connection (in a cluster, that of one node). */
export const TIMEOUT_MS = 4_500;

/**
 * Connects. If the URL names a node of a cluster, connects to the cluster. Commands are not queued while there is no connection, and
 * a command that Redis may have received is never sent again: only the caller can find out whether it was executed.
 * @throws {StoreUnavailable} if Redis cannot be reached, with a sentence that says why.
 */
export async function connect(address: Address): Promise<Client> {
  const { Redis, Cluster } = await import('ioredis');
  let lastError: Error | undefined;
  let opened = false;
  const { host, port, db, username, password, tls } = address;
  const options: RedisOptions = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    // An IP address must not be sent as the server name. The certificate is still checked against it.
    ...(tls ? { tls: isIP(host) === 0 ? { servername: host } : {} } : {}),
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    keepAlive: 10_000,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    connectionName: 'onceonly-server',
  };
  /** An error that only says that there is no connection must not hide the one that says why. */
  const noted = (error: Error): void => {
    if (!NOT_CONNECTED.test(error.message)) lastError = error;
  };

  const single = new Redis({
    ...options,
    host,
    port,
    db,
    lazyConnect: true,
    enableOfflineQueue: false,
    retryStrategy: (times) => (opened ? Math.min(times * 50, 1_000) : null),
    // After a failover, the old primary is a replica, and its host name may now lead to the new primary. A connection that could not
    // select its database would continue to work in database 0.
    reconnectOnError: (error) => error.message.includes('READONLY') || isOfSelect(error),
  });
  single.on('error', noted);
  single.on('ready', () => (lastError = undefined));
  watch(single);

  async function open(): Promise<Redis | Cluster> {
    await single.connect();
    if (!/^cluster_enabled:1/m.test(await single.info('cluster'))) return single;
    if (db !== 0)
      throw new StoreUnavailable('A Redis cluster has database 0 only: leave it out of ONCEONLY_STORE.');
    const cluster = new Cluster([{ host, port }], {
      redisOptions: options,
      lazyConnect: true,
      enableOfflineQueue: false,
      // The check would ask any node and wait for one that hangs. If the cluster is incomplete, every call reports it anyway.
      enableReadyCheck: false,
      clusterRetryStrategy: (times) => (opened ? Math.min(times * 50, 1_000) : null),
      retryDelayOnFailover: 0,
      retryDelayOnClusterDown: 0,
      slotsRefreshTimeout: TIMEOUT_MS,
      ...(tls
        ? {
            dnsLookup: (name, done) => {
              done(null, name);
            },
          }
        : {}),
    });
    cluster.on('error', noted);
    cluster.on('nodeError', noted);
    single.disconnect();
    await cluster.connect();
    return cluster;
  }

  try {
    const redis = await within(TIMEOUT_MS, open());
    opened = true;
    return {
      redis,
      isCluster: 'nodes' in redis,
      lastError: () => lastError,
      nodes: () => ('nodes' in redis ? redis.nodes('master') : [redis]),
      disconnect() {
        redis.disconnect();
      },
    };
  } catch (error) {
    // Disconnecting a connection that has already ended would never finish.
    if (single.status !== 'close' && single.status !== 'end') single.disconnect();
    throw unavailable(error, lastError);
  }
}

/** Whether Redis refused to select the connection's database. ioredis adds the command to such an error. */
const isOfSelect = (error: Error): boolean =>
  'command' in error && (error.command as { readonly name?: unknown } | undefined)?.name === 'select';

/** Closes a connection that was accepted but does not become ready in time. */
function watch(redis: Redis): void {
  let timer: NodeJS.Timeout | undefined;
  redis.on('connect', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (redis.status !== 'ready' && redis.status !== 'end') redis.disconnect(true);
    }, TIMEOUT_MS).unref();
  });
  for (const event of ['ready', 'end']) {
    redis.on(event, () => {
      clearTimeout(timer);
    });
  }
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new StoreUnavailable(
          'Redis did not answer within 4.5 seconds. Is the address in ONCEONLY_STORE right?',
        ),
      );
    }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
