import { randomUUID } from 'node:crypto';
import { hasUnreportedDeath, isForgotten, withDeathReported, unresolved } from '../../claims/record.ts';
import { StoreUnavailable, type ClaimStore } from '../../claims/claim-store.ts';
import { oldestKept, KEPT_OF_A_HOOK } from '../shared/event-rules.ts';
import { recordEvent } from '../shared/record-event.ts';
import { homesOf } from './hooks.ts';
import { queuesOf } from './event-plan.ts';
import type { Index } from './indexes.ts';
import { script, type Link } from './link.ts';
import { soon, type Places } from './places.ts';
import type { RedisTenants } from './tenants.ts';
import type { RedisTransaction } from './transaction.ts';
import type { Transactions } from './run-transaction.ts';

const DUE = script('due');
const LEAD = script('lead');
const RESIGN = script('resign');
const SWEEP_DELIVERIES = script('sweep-deliveries');

/** How much one script does, so that Redis is never busy for long. */
const ROWS_A_SCRIPT = 100;
/** A server that ended without a word is followed by another one after so long: servers sweep every minute. */
const LEAD_MS = 150_000;

export interface Chores extends Pick<ClaimStore, 'reportDeaths' | 'sweep'> {
  /** Lets another server lead at once. */
  readonly resign: () => Promise<void>;
}

export interface ChoresOptions {
  readonly link: Link;
  readonly places: Places;
  readonly tenants: RedisTenants;
  readonly transactions: Transactions;
  readonly eventDays: number;
}

interface Due {
  readonly tenant: string;
  readonly now: number;
  /** Whether something is due of the index. */
  readonly leases: boolean;
  readonly dead: boolean;
}

/** What time alone does, each tenant by itself. Finished records and locks Redis forgets by itself. */
export function createChores({ link, places, tenants, transactions, eventDays }: ChoresOptions): Chores {
  const server = randomUUID();
  let leads = false;

  /** Asked everywhere, so that no node takes the lead along: the first place that answers decides. */
  async function lead(): Promise<boolean> {
    const [first] = await places.runAll(LEAD, 'leader', [server, LEAD_MS]);
    return (leads = first === 1);
  }

  /** What is due of each tenant that answers soon, and how many do not. */
  async function allDue(
    all: readonly string[],
  ): Promise<{ readonly due: readonly Due[]; readonly silent: number }> {
    if (all.length === 0) return { due: [], silent: 0 };
    const due = await soon(all.map(dueOf));
    return { due, silent: all.length - due.length };
  }

  async function dueOf(tenant: string): Promise<Due> {
    const base = tenants.base(tenant);
    const answer = await link.run(DUE, [base, `${base}:leases`, `${base}:dead`]);
    const [time, kept, leases, dead] = answer as readonly [
      number,
      string | null,
      string | null,
      string | null,
    ];
    const now = tenants.time(tenant).at(time, Number(kept));
    const isDue = (score: string | null): boolean => score !== null && Number(score) <= now;
    return { tenant, now, leases: isDue(leases), dead: isDue(dead) };
  }

  /** Does something to all keys of an index whose time has come, up to `limit`, in small steps. */
  async function eachDue(
    { tenant, now }: Due,
    index: Index,
    limit: number,
    work: (tx: RedisTransaction, key: string) => boolean,
  ): Promise<number> {
    let done = 0;
    while (done < limit) {
      const rows = Math.min(ROWS_A_SCRIPT, limit - done);
      const name = `${tenants.base(tenant)}:${index}`;
      const keys = (await link.ask(
        'ZRANGEBYSCORE',
        name,
        '-inf',
        now,
        'LIMIT',
        0,
        rows,
      )) as readonly string[];
      const { value } = await transactions.run(tenant, { claims: keys }, (tx) => {
        let worked = 0;
        for (const key of keys) {
          if (work(tx, key)) worked += 1;
          else tx.unlist(index, key);
        }
        return worked;
      });
      done += value;
      if (keys.length < rows) break;
    }
    return done;
  }

  const reportDeath = (tx: RedisTransaction, key: string): boolean => {
    const record = tx.claims.get(0, key);
    // Where it is none, somebody else has been at these keys.
    if (record === undefined || !hasUnreportedDeath(record, tx.moment.now)) return false;
    tx.claims.put(0, key, withDeathReported(record));
    recordEvent(tx, 0, key, 'run_died', record);
    if (unresolved(record, tx.moment.now)) recordEvent(tx, 0, key, 'unresolved', record);
    return true;
  };

  const forget = (tx: RedisTransaction, key: string): boolean => {
    const record = tx.claims.get(0, key);
    if (record?.state !== 'in_progress' || !isForgotten(record, tx.moment.now)) return false;
    tx.claims.remove(key);
    return true;
  };

  async function trimEvents({ tenant, now }: Due): Promise<number> {
    const base = tenants.base(tenant);
    const oldest = `${oldestKept(now, eventDays)}-0`;
    const trimmed = await Promise.all(
      ['events', 'seldom'].map((list) => link.ask('XTRIM', `${base}:${list}`, 'MINID', '=', oldest)),
    );
    return trimmed.reduce<number>((sum, count) => sum + Number(count), 0);
  }

  async function sweepHook(id: string, { tenant, now }: Due, limit: number): Promise<number> {
    const base = tenants.base(tenant);
    let swept = 0;
    while (swept < limit) {
      const rows = Math.min(ROWS_A_SCRIPT, limit - swept);
      const args = [id, oldestKept(now, eventDays), KEPT_OF_A_HOOK, rows];
      const keys = [`${base}:disabled`, ...queuesOf(base, id)];
      const removed = (await link.run(SWEEP_DELIVERIES, keys, args)) as number;
      swept += removed;
      if (removed < rows) break;
    }
    return swept;
  }

  async function tellAll(all: readonly string[], limit: number): Promise<Round> {
    const { due, silent } = await allDue(all);
    const round = createRound(limit, silent);
    for (const each of due) {
      if (each.leases) await round.add((left) => eachDue(each, 'leases', left, reportDeath));
    }
    return round;
  }

  return {
    reportDeaths: async (limit) => (await tellAll(await tenants.all(), limit)).end(),
    async sweep(limit) {
      tenants.doubt();
      const [isLeader, all, homes] = await Promise.all([lead(), tenants.all(), homesOf(places)]);
      if (!isLeader) return 0;
      // Whatever is forgotten in progress died; one that nobody was told of must not go.
      if ((await tellAll(all, limit)).done() === limit) return limit;
      const { due, silent } = await allDue(all);
      const round = createRound(limit, silent);
      for (const each of due) {
        if (each.dead) await round.add((left) => eachDue(each, 'dead', left, forget));
        await round.add(() => trimEvents(each));
      }
      const of = new Map(due.map((each) => [each.tenant, each]));
      for (const [id, tenant] of homes) {
        const each = of.get(tenant);
        if (each !== undefined) await round.add((left) => sweepHook(id, each, left));
      }
      return round.end();
    },
    async resign() {
      if (leads) await places.runAll(RESIGN, 'leader', [server]);
    },
  };
}

/** What is done for one tenant after the other, up to a limit. One tenant's failure stops no other's. */
interface Round {
  add(work: (left: number) => Promise<number>): Promise<void>;
  readonly done: () => number;
  /** How much was done. Rejects where that was nothing and something failed, so that it is logged once a round. */
  end(): number;
}

/** Of `silent` tenants nothing was heard to begin with. */
function createRound(limit: number, silent: number): Round {
  let done = 0;
  let failed = silent;
  let reason = 'no answer';
  return {
    async add(work) {
      if (done >= limit) return;
      try {
        done += await work(limit - done);
      } catch (error) {
        failed += 1;
        reason = error instanceof Error ? error.message : String(error);
      }
    },
    done: () => done,
    end() {
      if (done === 0 && failed > 0) throw new StoreUnavailable(`${failed} tenants have to wait: ${reason}`);
      return done;
    },
  };
}
