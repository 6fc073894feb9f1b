import { Client } from 'pg';
import { SCHEMA_VERSION } from '../src/store/postgres/migrations.ts';
import { StoreUnavailable } from '../src/claims/claim-store.ts';
import type { Store } from '../src/store/store.ts';
import { openStore } from '../src/store/open.ts';
import { SWEEP_LOCK } from '../src/store/postgres/load.ts';
import { openPostgresStore } from '../src/store/postgres/store.ts';
import { claimOf, completeOf, DAY_MS, HOUR_MS, lockOf, TENANT, recordOf } from './store/fixture.ts';
import { expectOneStore } from './store/one-store.ts';
import { empty, query, usePostgres } from './store/postgres-fixture.ts';
import { eventually } from './store/waiting.ts';

const postgres = usePostgres();
const opened: Store[] = [];
afterEach(() => Promise.all(opened.splice(0).map((store) => store.close())));

/** The first database, without what an earlier test left in it. */
async function emptied(): Promise<string> {
  await empty(postgres().url);
  return postgres().url;
}

async function open(url: string, clock = Date.now): Promise<Store> {
  const store = await openStore(url, { clock });
  opened.push(store);
  return store;
}

describe('several servers at one database', () => {
  it('migrate it one after the other', async () => {
    const url = await postgres().createDatabase();
    const stores = await Promise.all([open(url), open(url), open(url)]);
    await Promise.all(stores.map((store) => store.check()));
    expect(await query(url, `SELECT value FROM onceonly.counters WHERE name = 'schema'`)).toEqual([
      { value: String(SCHEMA_VERSION) },
    ]);
  });

  it('are one store: one winner a key, its lease alone, and fences that grow', async () => {
    const url = await emptied();
    const stores = await Promise.all([open(url), open(url), open(url)]);
    await expectOneStore(stores);
  });

  it('count every lease once, whoever gave it', async () => {
    const url = await emptied();
    const stores = await Promise.all([open(url), open(url)]);
    const claims = Array.from({ length: 400 }, (_, index) => claimAt(stores, index));
    const counts = (await Promise.all(claims)).map(({ usage }) => usage);
    const of = (nth: number) => counts.filter((_, index) => index % stores.length === nth);
    // Of what the other one commits in the same moment a server knows with the next batch.
    for (const nth of stores.keys()) expect(new Set(of(nth)).size).toBe(200);
    for (const store of stores) expect(await store.claims.usage(TENANT)).toMatchObject({ ai: 400 });
    expect((await stores[0].claims.claim(claimOf('one:more'))).usage).toBe(401);
  });

  it('count for themselves: none waits for what another one counts', async () => {
    const url = await emptied();
    const stores = await Promise.all([open(url), open(url)]);
    const claimed = (key: string) => stores.map((store, nth) => store.claims.claim(claimOf(`${key}${nth}`)));
    await Promise.all(claimed('first'));
    const other = new Client({ connectionString: url });
    await other.connect();
    try {
      await other.query('BEGIN');
      await other.query('SELECT FROM onceonly.usage ORDER BY server LIMIT 1 FOR UPDATE');
      const claims = claimed('second');
      expect(await Promise.race(claims)).toMatchObject({ outcome: 'acquired' });
      await other.query('COMMIT');
      expect(await Promise.all(claims)).toHaveLength(2);
    } finally {
      await other.end();
    }
    expect((await stores[0].claims.claim(claimOf('third'))).usage).toBe(5);
  });

  it('sweep one at a time: the next one once the first has ended', async () => {
    const url = await emptied();
    const [first, second] = await Promise.all([open(url), open(url)]);
    const endAll = () => query(url, 'UPDATE onceonly.locks SET expires_at = 1');
    expect(await first.claims.sweep(10)).toBe(0);
    await second.claims.lock(lockOf('a'));
    await endAll();
    expect(await second.claims.sweep(10)).toBe(0);
    expect(await first.claims.sweep(10)).toBe(1);
    await second.claims.lock(lockOf('b'));
    await endAll();
    await first.close();
    await eventually(async () => {
      expect(await second.claims.sweep(10)).toBe(1);
    });
  });

  it('tell of a takeover’s death while another one sweeps: neither has what the other waits for', async () => {
    const url = await emptied();
    const store = await open(url);
    await store.claims.claim(claimOf('died'));
    await store.claims.lock(lockOf('over'));
    for (const table of ['claims', 'locks']) await query(url, `UPDATE onceonly.${table} SET expires_at = 1`);
    // As a takeover does: first the lock that batches share, later the one of all that tell.
    const takeover = new Client({ connectionString: url });
    await takeover.connect();
    try {
      await takeover.query('BEGIN');
      await takeover.query('SELECT pg_advisory_xact_lock_shared($1)', [SWEEP_LOCK]);
      const sweeping = store.claims.sweep(10);
      await eventually(async () => {
        const waiting = await query(url, "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
        expect(waiting).toHaveLength(1);
      });
      await takeover.query("SET LOCAL lock_timeout = '500ms'");
      await takeover.query("SELECT FROM onceonly.counters WHERE name = 'event' FOR UPDATE");
      await takeover.query('COMMIT');
      expect(await sweeping).toBe(2);
    } finally {
      await takeover.end();
    }
  });

  it('never wait for each other in a circle, in random batches over the same keys', async () => {
    const url = await emptied();
    const stores = await Promise.all([open(url), open(url)]);
    const before = await deadlocks(url);
    let leases = 0;
    const worker = async (store: Store, seed: number): Promise<void> => {
      const random = randomFrom(seed);
      for (let round = 0; round < 120; round += 1) {
        const keys = Array.from({ length: 1 + random(12) }, () => `r${Math.floor(round / 4)}/${random(30)}`);
        const outcomes = await Promise.all(keys.map((key) => store.claims.claim(claimOf(key))));
        await Promise.all(
          outcomes.map((outcome, index) => {
            if (outcome.outcome !== 'acquired') return Promise.resolve();
            leases += 1;
            return store.claims.complete(completeOf(keys[index] ?? '', outcome.record.leaseId));
          }),
        );
      }
    };
    await Promise.all(
      stores.flatMap((store, index) => [1, 2, 3, 4].map((n) => worker(store, n + 10 * index))),
    );
    expect(await deadlocks(url)).toBe(before);
    const [kept] = await query<{ claims: string; fences: string }>(
      url,
      'SELECT count(*) AS claims, count(DISTINCT fence) AS fences FROM onceonly.claims WHERE state = 1',
    );
    expect(kept).toEqual({ claims: String(leases), fences: String(leases) });
  });

  it('tell each death once', async () => {
    const url = await emptied();
    const stores = await Promise.all([open(url), open(url)]);
    await Promise.all(Array.from({ length: 50 }, (_, index) => claimAt(stores, index)));
    await query(url, 'UPDATE onceonly.claims SET expires_at = 1');
    const told = await Promise.all(stores.map((store) => store.claims.reportDeaths(100)));
    expect(told.reduce((sum, count) => sum + count, 0)).toBe(50);
    const [events = []] = await Promise.all(
      stores.map((store) => store.events.recent({ tenant: TENANT, limit: 500 })),
    );
    expect(events.filter(({ type }) => type === 'run_died')).toHaveLength(50);
  });
});

describe('the clock', () => {
  it('is the database’s: a server whose clock is an hour ahead, or behind, ends no lease', async () => {
    const url = await emptied();
    const here = await open(url);
    const ahead = await open(url, () => Date.now() + HOUR_MS);
    const behind = await open(url, () => Date.now() - HOUR_MS);
    const record = recordOf(await ahead.claims.claim(claimOf('k', { ttlSeconds: 600 })));
    for (const store of [here, behind, ahead]) {
      expect(await store.claims.claim(claimOf('k'))).toMatchObject({ outcome: 'in_progress', record });
    }
  });

  it('goes on where the database’s clock was ahead once and was set back, and says so', async () => {
    const url = await emptied();
    await open(url);
    const ahead = Date.now() + 8 * DAY_MS;
    await query(url, "UPDATE onceonly.counters SET value = $1 WHERE name = 'time'", [ahead]);
    const store = await open(url);
    expect(await store.check()).toMatchObject([
      { what: expect.stringMatching(/^The store's time is 8 days ahead of the database's clock/) as string },
    ]);
    await store.claims.claim(claimOf('k', { ttlSeconds: 1 }));
    await eventually(async () => {
      const again = await store.claims.claim(claimOf('k'));
      expect(again).toMatchObject({ outcome: 'acquired', record: { attempt: 2 } });
    }, 20_000);
  });

  it('does not go back where an answer depended on it, for no server', async () => {
    const url = await emptied();
    let at = Date.parse('2026-11-25T12:00:00.000Z');
    const openAt = async (): Promise<Store> => {
      const store = await openPostgresStore({ url, clock: Date.now, testClock: () => at });
      opened.push(store);
      return store;
    };
    const first = await openAt();
    await first.claims.claim(claimOf('k', { ttlSeconds: 60 }));
    at += 60_000;
    expect(await first.claims.claim(claimOf('k', { onExpired: 'block' }))).toMatchObject({
      outcome: 'unresolved',
    });
    at -= HOUR_MS;
    const second = await openAt();
    expect(await second.claims.claim(claimOf('k'))).toMatchObject({
      outcome: 'unresolved',
      now: at + HOUR_MS,
    });
  });
});

describe('a database', () => {
  it('that a newer server wrote is refused in a sentence', async () => {
    const url = await postgres().createDatabase();
    await (await open(url)).check();
    await query(url, `UPDATE onceonly.counters SET value = 99 WHERE name = 'schema'`);
    await expect(openStore(url, { clock: Date.now })).rejects.toThrow(
      /newer version of this server \(schema 99/,
    );
  });

  it('in which the user may make nothing is refused in a sentence', async () => {
    const url = await postgres().createDatabase();
    await query(url, 'CREATE ROLE guest LOGIN');
    await expect(openStore(url.replace('postgres@', 'guest@'), { clock: Date.now })).rejects.toThrow(
      /^The database cannot be used: permission denied/,
    );
  });

  it('that cannot be reached, or is not there, is refused in a sentence', async () => {
    for (const url of ['postgres://postgres@127.0.0.1:1/none', postgres().url.replace(/postgres$/, 'none')]) {
      const opening = openStore(url, { clock: Date.now });
      await expect(opening).rejects.toBeInstanceOf(StoreUnavailable);
      await expect(opening).rejects.toThrow(/^The database cannot be reached: \w/);
    }
  });
});

function claimAt(stores: readonly Store[], index: number) {
  const store = stores[index % stores.length];
  if (store === undefined) throw new Error('There is no store.');
  return store.claims.claim(claimOf(`k${index}`));
}

async function deadlocks(url: string): Promise<number> {
  const [row] = await query<{ deadlocks: string }>(
    url,
    'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
  );
  return Number(row?.deadlocks);
}

/** Numbers below a bound, the same at every run. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}
