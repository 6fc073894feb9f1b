import type { Clock, Elapsed } from '../../clock.ts';
import { runOn, type RunningTime } from '../shared/running-time.ts';
import type { Link } from './link.ts';
import type { Value } from './reply.ts';
import type { Script } from './script.ts';

/** The tenants' parts of the store, and the names of the keys. */
export interface Tenants {
  /** A key of the whole store; they lie in one hash slot. */
  shared(name: string): string;
  /** The tenant's hash, with which all its other keys begin: they lie in one hash slot. */
  base(tenant: string): string;
  /** Runs a script of the tenant, on its time. */
  run(tenant: string, script: Script, command?: object): Promise<Value>;
  /** Runs a script of the tenant for calls that the link accepted: `commands` is its `ARGV[2]`. */
  runAccepted(tenant: string, script: Script, commands: string): Promise<Value>;
  /** Makes the tenant one of those that `all` names. */
  ensure(tenant: string): Promise<void>;
  all(): Promise<readonly string[]>;
  /** From now on, `ensure` writes again: what a failover lost is there again with a tenant's next claim. */
  doubt(): void;
  /** In tests, the time; else nothing. */
  clock(): { readonly clock?: number };
}

export interface TenantsOptions {
  readonly prefix: string;
  /** In tests only: the time, in the place of Redis's own. */
  readonly clock?: Clock | undefined;
  /** What passes on this machine. */
  readonly elapsed: Elapsed;
}

/**
 * A tenant is one hash slot: its fence, its counters, its events and their deliveries change in one script with a
 * record, and a cluster spreads tenants. The fence costs a tenant one number, and a key nothing.
 */
export function createTenants(link: Link, { prefix, clock, elapsed }: TenantsOptions): Tenants {
  const known = new Map<string, Promise<unknown>>();
  /** The latest time that a tenant's answers told, which runs on: no later answer tells an earlier one. */
  const latest = new Map<string, RunningTime>();
  const shared = (name: string): string => `{${prefix}}:${name}`;
  // A brace would end the part of the name that makes the slot, and two tenants could share a key.
  const base = (tenant: string): string => `{${prefix}:${tenant.replace(/[%{}]/g, encodeURIComponent)}}`;
  const time = () => (clock === undefined ? {} : { clock: clock() });
  const moment = (tenant: string) => ({ ...time(), floor: latest.get(tenant)?.now() ?? 0 });

  function heard(tenant: string, answer: Value): Value {
    const now = Array.isArray(answer) ? (answer as readonly Value[])[0] : undefined;
    if (typeof now !== 'number') return answer;
    const time = latest.get(tenant) ?? runOn(elapsed);
    time.heard(now);
    latest.set(tenant, time);
    return answer;
  }

  return {
    shared,
    base,
    clock: time,
    async run(tenant, script, command = {}) {
      return heard(tenant, await link.run(script, [base(tenant)], { ...command, ...moment(tenant) }));
    },
    async runAccepted(tenant, script, commands) {
      const argument = JSON.stringify(moment(tenant));
      return heard(tenant, await link.runAccepted(script, [base(tenant)], argument, commands));
    },
    async ensure(tenant) {
      let added = known.get(tenant);
      if (added === undefined) {
        added = link.ask('SADD', shared('tenants'), tenant);
        known.set(tenant, added);
        added.catch(() => known.delete(tenant));
      }
      await added;
    },
    doubt: () => {
      known.clear();
    },
    all: async () => (await link.ask('SMEMBERS', shared('tenants'))) as readonly string[],
  };
}
