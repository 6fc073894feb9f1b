import type { Usage } from '../../claims/claim-store.ts';
import { countElapsed, type Clock } from '../../clock.ts';
import { differing, watchSteps } from '../shared/time.ts';
import type { Finding, Store, StoreMetrics } from '../store.ts';
import { parseAddress } from './address.ts';
import { createApiKeys } from './api-keys.ts';
import { createChores } from './chores.ts';
import { claimCommands } from './claims.ts';
import { connect } from './connection.ts';
import { eventLog } from './events.ts';
import { durabilityOf, findingsOf, readFacts } from './facts.ts';
import { createHooks } from './hooks.ts';
import { createLink } from './link.ts';
import { createListing } from './listing.ts';
import { createOpenCalls } from './open-calls.ts';
import { createGlobalKeys, soon } from './global-keys.ts';
import { createTenantQueues } from './queues.ts';
import { keepSchema } from './schema.ts';
import { createTenants } from './tenants.ts';
import { createTransactions } from './run-transaction.ts';

export interface RedisStoreOptions {
  /** `redis://…` or `rediss://…` */
  readonly url: string;
  /** How many days events are kept. Default: 30. */
  readonly eventDays?: number;
  /** Used instead of Redis's clock, in tests. */
  readonly clock?: Clock | undefined;
  readonly metrics?: StoreMetrics | undefined;
}

/** Checks write under the name of this tenant, repeated, which no real tenant can have. */
const NOBODY = '\0';

const A_PART_HANGS: Finding = {
  what: 'A part of the Redis cluster answers late, or not at all: the claims of the tenants that it has wait, or are refused.',
  ok: false,
  remedy:
    'See CLUSTER NODES, and the log of the node that hangs. With replicas, the cluster replaces it by itself.',
};

const THIS_REDIS = {
  of: "Redis's clock, which was set back",
  whenAhead:
    'Nothing has to be done. Let its machine set its clock by NTP alone, which corrects it little by little.',
  whenBehind: '',
} as const;

/**
 * Opens a store in Redis or Valkey (6.2 or newer), a single one or a cluster, which any number of servers may share. It uses the
 * clock of Redis, so that the clock of a server cannot end a lease.
 * @throws {StoreUnavailable} if it cannot be used, with a sentence that says why.
 */
export async function openRedisStore(options: RedisStoreOptions): Promise<Store> {
  const { url, eventDays = 30, clock, metrics } = options;
  const address = parseAddress(url);
  const client = await connect(address);
  const facts = await readFacts(client).catch((error: unknown) => {
    client.disconnect();
    throw error;
  });
  const link = createLink(client);
  const globalKeys = createGlobalKeys(link, address.prefix, client.isCluster);
  await keepSchema(globalKeys).catch(async (error: unknown) => {
    await link.close();
    throw error;
  });
  const passed = countElapsed();
  const tenants = createTenants(globalKeys, { prefix: address.prefix, clock, passed });
  const transactions = createTransactions(link, tenants);
  const queues = createTenantQueues(transactions, metrics);
  const calls = createOpenCalls();
  metrics?.opened(() => queues.pending() + calls.pending());

  const parts = { link, globalKeys, tenants, transactions };
  const { failRun, ...commands } = claimCommands({ ...parts, send: queues.send });
  const { disableOf, ...hooks } = createHooks(parts);
  const { resign, ...chores } = createChores({ ...parts, eventDays });
  const list = createListing(link, tenants, transactions);
  const steps = watchSteps("Redis's clock", passed);
  const now = async (): Promise<number> => (await transactions.read(NOBODY)).now;
  let closing: Promise<void> | undefined;

  async function usage(tenant: string): Promise<Usage> {
    const { usage: counted, month } = await transactions.read(tenant);
    return { ...counted, month };
  }

  /** Tries a write in each of the slots of the global keys. A part of a cluster that hangs is reported, but the check succeeds. */
  async function check(): Promise<readonly Finding[]> {
    const written = globalKeys.tags.map(async (_, at) => {
      const { value } = await transactions.run(NOBODY.repeat(at), {}, (tx) => {
        tx.keepTime();
        return { at, now: tx.moment.now, shown: clock?.() ?? tx.redisTime };
      });
      return value;
    });
    const answers = await soon(written);
    const [first] = answers;
    if (first === undefined) return [];
    return [
      ...differing(first.now, first.shown, THIS_REDIS),
      // Each node has its own clock, so only that of the first slot is compared.
      ...(clock !== undefined || first.at > 0 ? [] : steps(first.shown)),
      ...(answers.length < written.length ? [A_PART_HANGS] : []),
    ];
  }

  async function end(): Promise<void> {
    await Promise.all([queues.close(), calls.close()]);
    // If Redis does not answer, the lead expires by itself.
    await resign().catch(() => undefined);
    await link.close();
  }

  return {
    claims: {
      ...commands,
      ...calls.count({ failRun, list, usage, ...chores }),
    },
    apiKeys: calls.count(createApiKeys({ globalKeys, now, disableHooks: disableOf })),
    events: calls.count(eventLog(link, tenants)),
    hooks: calls.count(hooks),
    durability: durabilityOf(facts),
    ...calls.count({ inspect: async () => findingsOf(await readFacts(client)), check }),
    close: () => (closing ??= end()),
  };
}
