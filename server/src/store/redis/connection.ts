import { isIP } from 'node:net';
import type { Cluster, Redis, RedisOptions } from 'ioredis';
import { StoreUnavailable } from '../../claims/claim-store.ts';
import type { Address } from './address.ts';
import { unavailable } from './failures.ts';

/** One Redis, or a cluster of them, reconnected as long as it is open. */
export interface Client {
  readonly redis: Redis | Cluster;
  /** What went wrong last with a connection: why there is none, where there is none. */
  lastError(): Error | undefined;
  readonly isCluster: boolean;
  /** One connection each to the primaries. */
  nodes(): readonly Redis[];
  disconnect(): void;
}

/** A call is given up after so long, and with it the connection that it was sent on, of a cluster that of one node. */
export const TIMEOUT_MS = 4_500;

/**
 * Connects; a URL that names a node of a cluster is one of that cluster. Nothing is queued while there is no connection,
 * and nothing that may have been received is sent twice: whether it was done, only our caller can find out.
 * @throws {StoreUnavailable} where it cannot be reached, with a sentence that says why.
 */
export async function connect(address: Address): Promise<Client> {
  const { Redis, Cluster } = await import('ioredis');
  let lastError: Error | undefined;
  let opened = false;
  const { host, port, db, username, password, tls } = address;
  const options: RedisOptions = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    // An IP address is no server name; the certificate is checked against it all the same.
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
  const noted = (error: Error): void => void (lastError = error);

  const single = new Redis({
    ...options,
    host,
    port,
    db,
    lazyConnect: true,
    enableOfflineQueue: false,
    retryStrategy: (times) => (opened ? Math.min(times * 50, 1_000) : null),
    // After a failover the old primary is a replica, and its name may lead to the new one.
    reconnectOnError: (error) => error.message.includes('READONLY'),
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
      // It would ask any of the nodes, and wait for one that hangs; of a cluster that is not complete, every call says so.
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
    // What has ended by itself would be waited for in vain.
    if (single.status !== 'close' && single.status !== 'end') single.disconnect();
    throw unavailable(error, lastError);
  }
}

/** A connection that is accepted and never becomes ready is given up as well. */
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
