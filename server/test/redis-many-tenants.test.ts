import { createChores } from '../src/store/redis/chores.ts';
import type { GlobalKeys } from '../src/store/redis/global-keys.ts';
import { createHooks } from '../src/store/redis/hooks.ts';
import type { Link, Value } from '../src/store/redis/link.ts';
import type { RedisTenants } from '../src/store/redis/tenants.ts';
import type { Transactions } from '../src/store/redis/run-transaction.ts';

const MANY = 1_000;

/** Nothing is due of anybody. The most that was asked in one turn of the event loop, and how much in all. */
function setting() {
  const names = Array.from({ length: MANY }, (_, index) => `t${index}`);
  const asked = { inAll: 0, most: 0 };
  let thisTurn = 0;
  const answer = (value: Value): Promise<Value> => {
    if (thisTurn === 0) setImmediate(() => (thisTurn = 0));
    thisTurn += 1;
    asked.inAll += 1;
    asked.most = Math.max(asked.most, thisTurn);
    return Promise.resolve(value);
  };
  const link: Link = {
    run: () => answer([0, null, null, null]),
    ask: () => answer(0),
    close: () => Promise.resolve(),
  };
  const tenants = {
    base: (tenant: string) => tenant,
    time: () => ({ at: () => 0 }),
    all: () => Promise.resolve(names),
  } as unknown as RedisTenants;
  const globalKeys = {
    askAll: () => Promise.resolve([names.flatMap((name) => [`h-${name}`, name])]),
  } as unknown as GlobalKeys;
  return { asked, parts: { link, tenants, globalKeys, transactions: {} as Transactions } };
}

test('what is due is asked of some tenants a turn, so that claims of others are sent in between', async () => {
  const { asked, parts } = setting();
  expect(await createChores({ ...parts, eventDays: 30 }).reportDeaths(500)).toBe(0);
  expect(asked.inAll).toBe(MANY);
  expect(asked.most).toBeLessThanOrEqual(100);
});

test('so are hooks', async () => {
  const { asked, parts } = setting();
  const slots = { limit: 128, perHook: 8, perTenant: 16, busy: [], failing: [] };
  expect(await createHooks(parts).due({ ...slots, leaseMs: 1_000 })).toEqual([]);
  expect(asked.inAll).toBe(MANY);
  expect(asked.most).toBeLessThanOrEqual(100);
});
