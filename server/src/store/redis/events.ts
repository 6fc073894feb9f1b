import { ofJob, type EventLog, type EventType, type KeyEvent } from '../../claims/events.ts';
import type { Link } from './link.ts';
import { listOf } from './lua/telling.ts';
import type { Tenants } from './tenants.ts';

const DAY_MS = 86_400_000;
/** How many events one look takes, and how far back a filtered one goes. */
const EVENTS_A_LOOK = 1_000;
const LOOKED_AT = 20_000;

type Entry = readonly [id: string, fields: readonly [string, string]];

export function eventLog(link: Link, tenants: Tenants): EventLog {
  return {
    async recent({ tenant, limit, type = null, job = null }) {
      const found: KeyEvent[] = [];
      const all = type === null && job === null;
      const bound = all ? limit : LOOKED_AT;
      let before = '+';
      for (let looked = 0; looked < bound && found.length < limit; looked += EVENTS_A_LOOK) {
        const count = Math.min(EVENTS_A_LOOK, bound - looked);
        const list = tenants.base(tenant) + listOf(type);
        const entries = (await link.ask('XREVRANGE', list, before, '-', 'COUNT', count)) as readonly Entry[];
        for (const [id, [, text]] of entries) {
          const event: KeyEvent = {
            id: Number.parseInt(id, 10),
            ...(JSON.parse(text) as Omit<KeyEvent, 'id'>),
          };
          if (found.length < limit && (type === null || event.type === type) && ofJob(event, job))
            found.push(event);
          before = `(${id}`;
        }
        if (entries.length < count) break;
      }
      return found;
    },
    async metrics({ tenant, fromDay, toDay }) {
      const counts = (await link.ask('HGETALL', `${tenants.base(tenant)}:days`)) as readonly string[];
      const days = [];
      for (let at = 0; at < counts.length; at += 2) {
        const [number, type] = (counts[at] ?? '').split(':');
        const day = new Date(Number(number) * DAY_MS).toISOString().slice(0, 10);
        if (day >= fromDay && day <= toDay) {
          days.push({ day, type: type as EventType, count: Number(counts[at + 1]) });
        }
      }
      return days;
    },
  };
}
