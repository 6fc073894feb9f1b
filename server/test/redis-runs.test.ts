import { countElapsed } from '../src/clock.ts';
import { parseAddress } from '../src/store/redis/address.ts';
import { claimCommands } from '../src/store/redis/claims.ts';
import { connect } from '../src/store/redis/connection.ts';
import { createLink, type Link } from '../src/store/redis/link.ts';
import { createGlobalKeys } from '../src/store/redis/global-keys.ts';
import { createTenantQueues } from '../src/store/redis/queues.ts';
import { createTransactions } from '../src/store/redis/run-transaction.ts';
import { createTenants } from '../src/store/redis/tenants.ts';
import { startRedis, type RedisService } from './services/redis.ts';
import { claimOf, TENANT } from './store/fixture.ts';

let redis: RedisService;
beforeAll(async () => (redis = await startRedis()));
afterAll(() => redis.close());

/** Counts how often Redis was waited for: once for all that was asked side by side. */
function counting(link: Link): Link & { turns: number } {
  let underWay = 0;
  async function counted<T>(call: Promise<T>): Promise<T> {
    if (underWay === 0) counter.turns += 1;
    underWay += 1;
    try {
      return await call;
    } finally {
      underWay -= 1;
    }
  }
  const counter: Link & { turns: number } = {
    turns: 0,
    run: (...call) => counted(link.run(...call)),
    ask: (...call) => counted(link.ask(...call)),
    close: () => link.close(),
  };
  return counter;
}

test('a run with many keys is failed in few turns, however long each takes', async () => {
  const address = parseAddress(redis.url);
  const link = counting(createLink(await connect(address)));
  const places = createGlobalKeys(link, address.prefix, false);
  const { prefix } = address;
  const tenants = createTenants(places, { prefix, clock: undefined, passed: countElapsed() });
  const transactions = createTransactions(link, tenants);
  const queues = createTenantQueues(transactions, undefined);
  const claims = claimCommands({ link, tenants, transactions, send: queues.send });
  const keys = Array.from({ length: 2_000 }, (_, index) => `k${index}`);
  await Promise.all(keys.map((key) => claims.claim(claimOf(key, { run: 'r' }))));
  const before = link.turns;
  const fail = { tenant: TENANT, run: 'r', errorCode: 'e', retryable: true, noEffect: false };
  expect(await claims.failRun(fail)).toMatchObject({ failed: 2_000 });
  // Four steps, each a look, a load and a write, and one that finds no more.
  expect(link.turns - before).toBeLessThanOrEqual(16);
  await queues.close();
  await link.close();
});
