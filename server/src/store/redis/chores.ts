import { randomUUID } from 'node:crypto';
import { hasUnreportedDeath, isForgotten, withDeathReported, unresolved } from '../../claims/record.ts';
import { StoreUnavailable, type ClaimStore } from '../../claims/claim-store.ts';
import { messageOf } from '../../error-message.ts';
import { oldestKept, KEPT_OF_A_HOOK } from '../shared/event-rules.ts';
import { recordEvent } from '../shared/record-event.ts';
import { allHooks } from './hooks.ts';
import { queuesOf } from './event-plan.ts';
import type { Index } from './indexes.ts';
import { script, type Link } from './link.ts';
import { soonOfEach, type GlobalKeys } from './global-keys.ts';
import type { RedisTenants } from './tenants.ts';
import type { RedisTransaction } from './transaction.ts';
import type { Transactions } from './run-transaction.ts';

const DUE = script('due');
const LEAD = script('lead');
const RESIGN = script('resign');
const SWEEP_DELIVERIES = script('sweep-deliveries');

/** The limit for one script, so that it does not block Redis for long. */
const ROWS_A_SCRIPT = 100;
/** How long a server leads without renewing it. Servers sweep every minute, so another one takes over soon after a crash. */
const LEAD_MS = 150_000;

export interface Chores extends Pick<ClaimStore, 'reportDeaths' | 'sweep'> {
  /** Lets another server become the leader at once. */
  readonly resign: () => Promise<void>;
}

export interface ChoresOptions {
  readonly link: Link;
  readonly globalKeys: GlobalKeys;
  readonly tenants: RedisTenants;
  readonly transactions: Transactions;
  readonly eventDays: number;
}

interface Due {
  readonly tenant: string;
  readonly now: number;
  /** Whether a member of this index is due. */
  readonly leases: boolean;
  readonly dead: boolean;
}

/** Reports deaths and removes old data, tenant by tenant. Finished records and locks expire in Redis by themselves. */
export function createChores({ link, globalKeys, tenants, transactions, eventDays }: ChoresOptions): Chores {
  const server = randomUUID();
  let leads = false;

  /** Tries to lead. All slots are asked, so that no single node is needed; the first slot that answers decides. */
  async function lead(): Promise<boolean> {
    const [first] = await globalKeys.runAll(LEAD, 'leader', [server, LEAD_MS]);
    return (leads = first === 1);
  }

  /** What is due for each tenant whose node answers soon, and how many tenants did not answer. */
  async function allDue(
    all: readonly string[],
  ): Promise<{ readonly due: readonly Due[]; readonly silent: number }> {
    if (all.length === 0) return { due: [], silent: 0 };
    const due = await soonOfEach(all, dueOf);
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

  /** Calls `work` for the keys of an index that are due, up to `limit`, in small transactions. */
  async function eachDue(
    { tenant, now }: Due,
    index: Index,
    limit: number,
    work: (tx: RedisTransaction, key: string) => boolean,
  ): Promise<number> {
    let done = 0;
    while (done < limit) {
      const rows = Math.min(transactions.recordsAtOnce(tenant), limit - done);
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
    // If there is no unreported death, somebody else has changed the key.
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

  async function reportAllDeaths(all: readonly string[], limit: number): Promise<Round> {
    const { due, silent } = await allDue(all);
    const round = createRound(limit, silent);
    for (const each of due) {
      if (each.leases) await round.add((left) => eachDue(each, 'leases', left, reportDeath));
    }
    return round;
  }

  return {
    reportDeaths: async (limit) => (await reportAllDeaths(await tenants.all(), limit)).end(),
    async sweep(limit) {
      tenants.forget();
      const [isLeader, all, hooks] = await Promise.all([lead(), tenants.all(), allHooks(globalKeys)]);
      if (!isLeader) return 0;
      // A record that is still in progress when it is forgotten is of a run that died. That must be reported first.
      if ((await reportAllDeaths(all, limit)).done() === limit) return limit;
      const { due, silent } = await allDue(all);
      const round = createRound(limit, silent);
      for (const each of due) {
        if (each.dead) await round.add((left) => eachDue(each, 'dead', left, forget));
        await round.add(() => trimEvents(each));
      }
      const of = new Map(due.map((each) => [each.tenant, each]));
      for (const [id, tenant] of hooks) {
        const each = of.get(tenant);
        if (each !== undefined) await round.add((left) => sweepHook(id, each, left));
      }
      return round.end();
    },
    async resign() {
      if (leads) await globalKeys.runAll(RESIGN, 'leader', [server]);
    },
  };
}

/** Work for one tenant after the other, up to a limit. The failure of one tenant does not stop the others. */
interface Round {
  add(work: (left: number) => Promise<number>): Promise<void>;
  readonly done: () => number;
  /** How much was done. Throws if nothing was done and something failed, so that a failure is logged once for each round. */
  end(): number;
}

/** `silent`: how many tenants did not answer at the start. */
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
        reason = messageOf(error);
      }
    },
    done: () => done,
    end() {
      if (done === 0 && failed > 0)
        throw new StoreUnavailable(
          `${failed === 1 ? '1 tenant has' : `${failed} tenants have`} to wait: ${reason}`,
        );
      return done;
    },
  };
}
