import type { Usage } from '../../claims/store.ts';
import type { Store, StoreWatch } from '../store.ts';
import { countElapsed, type Clock } from '../../clock.ts';
import { differing } from '../shared/clock-findings.ts';
import { watchSteps } from '../shared/clock-steps.ts';
import { runOn } from '../shared/running-time.ts';
import { parseAddress } from './address.ts';
import { apiKeyStore } from './api-keys.ts';
import { chores } from './chores.ts';
import { claimCommands } from './claims.ts';
import { connect } from './client.ts';
import { eventLog } from './events.ts';
import { durabilityOf, findingsOf, readFacts } from './facts.ts';
import { hookStore } from './hooks.ts';
import { createGroups } from './groups.ts';
import { createLink } from './link.ts';
import { listKeys } from './listing.ts';
import { CHECK, READ_USAGE } from './lua/time.ts';
import { script } from './script.ts';
import { keepSchema } from './schema.ts';
import { createTenants } from './tenants.ts';

export interface RedisStoreOptions {
  /** `redis://…` or `rediss://…` */
  readonly url: string;
  /** How long events are kept, in days; 30 if not said. */
  readonly eventDays?: number;
  /** In tests only: the time, in the place of Redis's own. */
  readonly clock?: Clock;
  readonly watch?: StoreWatch | undefined;
}

const check = script(CHECK);
const readUsage = script(READ_USAGE);

const THIS_REDIS = {
  of: "Redis's clock, which was set back",
  whenAhead:
    'Nothing has to be done. Let its machine set its clock by NTP alone, which corrects it little by little.',
  whenBehind: '',
} as const;

/**
 * A store in a Redis or Valkey (6.2 or newer), alone or a cluster, which any number of servers may share. Its time is
 * Redis's, so that no server's clock ends a lease.
 * @throws {StoreUnavailable} where it cannot be used, with a sentence that says why.
 */
export async function openRedisStore(options: RedisStoreOptions): Promise<Store> {
  const { url, eventDays = 30, clock, watch } = options;
  const address = parseAddress(url);
  const client = await connect(address);
  const facts = await readFacts(client).catch((error: unknown) => {
    client.disconnect();
    throw error;
  });
  const link = createLink(client);
  watch?.opened(link.pending);
  // Where a test steps the time, none passes by itself.
  const elapsed = clock === undefined ? countElapsed() : () => 0;
  const tenants = createTenants(link, { prefix: address.prefix, clock, elapsed });
  const steps = watchSteps("Redis's clock", elapsed);
  const checked = runOn(elapsed);
  await keepSchema(link, tenants).catch(async (error: unknown) => {
    await link.close();
    throw error;
  });
  const { resign, ...chore } = chores(link, tenants, eventDays);
  return {
    claims: {
      ...claimCommands(tenants, createGroups(link, tenants, watch)),
      ...chore,
      list: (query) => listKeys(tenants, query),
      async usage(tenant): Promise<Usage> {
        const [month, ai, make] = (await tenants.run(tenant, readUsage)) as readonly [number, number, number];
        return { ai, make, month: monthName(month) };
      },
    },
    apiKeys: apiKeyStore(link, tenants),
    events: eventLog(link, tenants),
    hooks: hookStore(link, tenants),
    durability: durabilityOf(facts),
    inspect: async () => findingsOf(await readFacts(client)),
    async check() {
      const floor = checked.now();
      const answer = await link.run(check, [tenants.shared('check')], { ...tenants.clock(), floor });
      const [now, shown] = answer as readonly [number, number];
      checked.heard(now);
      return [...differing(now, shown, THIS_REDIS), ...(clock ? [] : steps(shown))];
    },
    async close() {
      // A Redis that does not answer finds out by itself.
      await resign().catch(() => undefined);
      await link.close();
    },
  };
}

/** Of a number of months since the year 0. */
function monthName(months: number): Usage['month'] {
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`;
}
