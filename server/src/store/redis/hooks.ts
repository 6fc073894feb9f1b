import { EVENT_TYPES, type EventType } from '../../claims/events.ts';
import type { Delivery, DueDelivery, Hook, HookStore, NewHook } from '../../hooks/hook-store.ts';
import { createSlots } from '../../hooks/slots.ts';
import type { Link } from './link.ts';
import { CREATE_HOOK, LOG, REMOVE_HOOK, SETTLE, TAKE } from './lua/hooks.ts';
import { script } from './script.ts';
import type { Tenants } from './tenants.ts';

const SCRIPTS = {
  create: script(CREATE_HOOK),
  remove: script(REMOVE_HOOK),
  log: script(LOG),
  take: script(TAKE),
  settle: script(SETTLE),
};

/** As it is kept, without its tenant. */
type KeptHook = Hook & Omit<NewHook, 'tenant'> & { readonly number: number; readonly mask: number };
/** The last three are not there before the first attempt is settled. */
type KeptDelivery = Omit<DueDelivery['event'], 'id'> &
  Pick<Delivery, 'attempts' | 'nextAt'> &
  Partial<Pick<Delivery, 'deliveredAt' | 'statusCode' | 'error'>>;
type Line = readonly [id: string, text: string];

/** Hooks lie with their tenants; which tenant a hook is of is known to the whole store. */
export function hookStore(link: Link, tenants: Tenants): HookStore {
  const homes = tenants.shared('hooks');
  /** The hook that was served last: the next one begins. */
  let turn = '';

  return {
    async create({ tenant, ...hook }) {
      await tenants.ensure(tenant);
      await link.ask('HSET', homes, hook.id, tenant);
      const kept = JSON.stringify({
        ...hook,
        mask: maskOf(hook.events),
        disabledAt: null,
        disabledReason: null,
      });
      const text = await tenants.run(tenant, SCRIPTS.create, { hook: kept });
      if (text !== null) return { outcome: 'created', hook: shown(JSON.parse(text as string) as KeptHook) };
      await link.ask('HDEL', homes, hook.id);
      return { outcome: 'too_many' };
    },
    async list({ tenant, createdBy }) {
      const all = (await link.ask('HVALS', `${tenants.base(tenant)}:hooks`)) as readonly string[];
      return all
        .map((text) => JSON.parse(text) as KeptHook)
        .filter((hook) => createdBy === null || hook.createdBy === createdBy)
        .sort((one, other) => one.number - other.number)
        .map(shown);
    },
    async remove({ tenant, createdBy, id }) {
      if ((await tenants.run(tenant, SCRIPTS.remove, { createdBy, id })) !== 1) return false;
      await link.ask('HDEL', homes, id);
      return true;
    },
    async deliveries({ tenant, ...query }) {
      const lines = (await tenants.run(tenant, SCRIPTS.log, query)) as readonly Line[] | null;
      return lines === null ? null : lines.map(delivery);
    },
    async due(query) {
      const slots = createSlots(query);
      const due: DueDelivery[] = [];
      for (const [id, tenant] of await withSomethingDue()) {
        if (due.length >= query.limit) break;
        const free = slots.free({ id, tenant });
        if (free === 0) continue;
        const taken = await tenants.run(tenant, SCRIPTS.take, { id, limit: free, leaseMs: query.leaseMs });
        if (taken === null) continue;
        const [text, lines] = taken as unknown as readonly [string, readonly Line[]];
        const { url, secret } = JSON.parse(text) as KeptHook;
        for (const line of lines) due.push({ hook: { id, tenant, url, secret }, ...attempt(line) });
        slots.take({ id, tenant }, lines.length);
        turn = id;
      }
      return due;
    },
    async settle({ hookId: id, eventId, ...settled }) {
      const tenant = (await link.ask('HGET', homes, id)) as string | null;
      if (tenant !== null)
        await tenants.run(tenant, SCRIPTS.settle, { ...settled, id, event: String(eventId) });
    },
  };

  /** In turns: after the hook that was served last, then from the start up to it. */
  async function withSomethingDue(): Promise<readonly (readonly [id: string, tenant: string])[]> {
    const all = await homesOf(link, tenants);
    const due = await Promise.all(
      all.map(([id, tenant]) => link.ask('ZCARD', `${tenants.base(tenant)}:h:${id}:due`)),
    );
    const some = all.filter((_, index) => due[index] !== 0).sort(([one], [other]) => (one < other ? -1 : 1));
    return [...some.filter(([id]) => id > turn), ...some.filter(([id]) => id <= turn)];
  }
}

/** All hooks, with their tenants. */
export async function homesOf(
  link: Link,
  tenants: Tenants,
): Promise<readonly (readonly [id: string, tenant: string])[]> {
  const flat = (await link.ask('HGETALL', tenants.shared('hooks'))) as readonly string[];
  return Array.from(
    { length: flat.length / 2 },
    (_, at) => [flat[at * 2] ?? '', flat[at * 2 + 1] ?? ''] as const,
  );
}

function shown({ id, url, events, job, createdAt, disabledAt, disabledReason }: KeptHook): Hook {
  return { id, url, events, job, createdAt, disabledAt, disabledReason };
}

function attempt([id, text]: Line): Pick<DueDelivery, 'event' | 'attempt'> {
  const { at, type, key, run, attempt, firstSeenAt, errorCode, attempts } = JSON.parse(text) as KeptDelivery;
  return {
    event: { id: Number(id), at, type, key, run, attempt, firstSeenAt, errorCode },
    attempt: attempts,
  };
}

function delivery([id, text]: Line): Delivery {
  const kept = JSON.parse(text) as KeptDelivery;
  const { type: eventType, key, at, attempts, nextAt } = kept;
  const { deliveredAt = null, statusCode = null, error = null } = kept;
  return { eventId: Number(id), eventType, key, at, attempts, nextAt, deliveredAt, statusCode, error };
}

const maskOf = (types: readonly EventType[]): number =>
  types.reduce((mask, type) => mask | (1 << EVENT_TYPES.indexOf(type)), 0);
