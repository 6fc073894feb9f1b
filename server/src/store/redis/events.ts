import { ofJob, type EventLog, type EventType, type KeyEvent } from '../../claims/events.ts';
import type { Link } from './link.ts';
import { eventTypes } from '../shared/codes.ts';
import { dayName, KEPT_OF_A_TENANT, SCANNED_EVENTS, SELDOM, createJobCounts } from '../shared/event-rules.ts';
import type { RedisTenants } from './tenants.ts';

/** How many events are read at once. */
const EVENTS_A_LOOK = 1_000;

/** The list to read for a type. Rare types have a list of their own, so they are found among any number of others. */
const listOf = (type: EventType | null): string =>
  type !== null && SELDOM.includes(eventTypes.code(type)) ? ':seldom' : ':events';

/** Earlier versions wrote no origin. */
type KeptEvent = Omit<KeyEvent, 'id' | 'origin'> & Partial<Pick<KeyEvent, 'origin'>>;

type Entry = readonly [id: string, fields: readonly [string, string]];

export function eventLog(link: Link, tenants: RedisTenants): EventLog {
  /** Up to `bound` events, the newest first. */
  async function* scan(list: string, bound: number): AsyncIterable<KeyEvent> {
    let before = '+';
    for (let looked = 0; looked < bound; looked += EVENTS_A_LOOK) {
      const count = Math.min(EVENTS_A_LOOK, bound - looked);
      const entries = (await link.ask('XREVRANGE', list, before, '-', 'COUNT', count)) as readonly Entry[];
      for (const [id, [, text]] of entries) {
        const { origin = null, ...event } = JSON.parse(text) as KeptEvent;
        yield { id: Number.parseInt(id, 10), origin, ...event };
        before = `(${id}`;
      }
      if (entries.length < count) return;
    }
  }

  return {
    async recent({ tenant, limit, offset = 0, type = null, job = null, key = null }) {
      const found: KeyEvent[] = [];
      const all = type === null && job === null;
      const bound = key !== null ? KEPT_OF_A_TENANT : all ? offset + limit : SCANNED_EVENTS;
      for await (const event of scan(tenants.base(tenant) + listOf(type), bound)) {
        const wanted = (type === null || event.type === type) && (key === null || event.key === key);
        if (wanted && ofJob(event, job)) found.push(event);
        if (found.length === offset + limit) break;
      }
      return found.slice(offset);
    },
    async jobs({ tenant, type, limit }) {
      const counts = createJobCounts();
      let sinceAt: number | null = null;
      for await (const event of scan(`${tenants.base(tenant)}:events`, SCANNED_EVENTS)) {
        sinceAt = event.at;
        if (event.type === type) counts.add(event);
      }
      return { sinceAt, jobs: counts.most(limit) };
    },
    async metrics({ tenant, fromDay, toDay }) {
      const counts = (await link.ask('HGETALL', `${tenants.base(tenant)}:days`)) as readonly string[];
      const days = [];
      for (let at = 0; at < counts.length; at += 2) {
        const [number, type] = (counts[at] ?? '').split(':');
        const day = dayName(Number(number));
        if (day >= fromDay && day <= toDay) {
          days.push({ day, type: type as EventType, count: Number(counts[at + 1]) });
        }
      }
      return days;
    },
  };
}
