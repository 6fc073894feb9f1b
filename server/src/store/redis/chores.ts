import { randomUUID } from 'node:crypto';
import type { ClaimStore } from '../../claims/store.ts';
import { homesOf } from './hooks.ts';
import type { Link } from './link.ts';
import { SWEEP_DELIVERIES } from './lua/hooks.ts';
import { LEAD, RESIGN, SWEEP, TELL_DIED } from './lua/time.ts';
import { script, type Script } from './script.ts';
import type { Tenants } from './tenants.ts';

const tellDeaths = script(TELL_DIED);
const sweepTenant = script(SWEEP);
const sweepDeliveries = script(SWEEP_DELIVERIES);
const lead = script(LEAD);
const resign = script(RESIGN);

/** How much one script does, so that Redis is never busy for long. */
const ROWS_A_SCRIPT = 100;
/** A server that ended without a word is followed by another one after so long: servers sweep every minute. */
const LEAD_MS = 150_000;

export interface Chores extends Pick<ClaimStore, 'tellDied' | 'sweep'> {
  /** Lets another server lead at once. */
  readonly resign: () => Promise<void>;
}

/** What time alone does, a tenant after the other. Finished records and locks Redis forgets by itself. */
export function chores(link: Link, tenants: Tenants, eventDays: number): Chores {
  const server = randomUUID();
  const leader = [tenants.shared('leader')] as const;
  let leads = false;

  /** Runs the script as often as it has more to do, up to `limit` in all. */
  async function all(tenant: string, script: Script, limit: number, command: object = {}): Promise<number> {
    let done = 0;
    while (done < limit) {
      const rows = Math.min(ROWS_A_SCRIPT, limit - done);
      const more = (await tenants.run(tenant, script, { ...command, eventDays, limit: rows })) as number;
      done += more;
      if (more < rows) break;
    }
    return done;
  }

  async function tellDied(limit: number): Promise<number> {
    let told = 0;
    for (const tenant of await tenants.all()) told += await all(tenant, tellDeaths, limit - told);
    return told;
  }

  return {
    tellDied,
    async sweep(limit) {
      tenants.doubt();
      leads = (await link.run(lead, leader, { server, leaseMs: LEAD_MS })) === 1;
      if (!leads) return 0;
      // Whatever is forgotten in progress died; one that nobody was told of must not go.
      if ((await tellDied(limit)) === limit) return limit;
      let swept = 0;
      for (const tenant of await tenants.all()) swept += await all(tenant, sweepTenant, limit - swept);
      for (const [id, tenant] of await homesOf(link, tenants)) {
        swept += await all(tenant, sweepDeliveries, limit - swept, { id });
      }
      return swept;
    },
    async resign() {
      if (leads) await link.run(resign, leader, { server });
    },
  };
}
