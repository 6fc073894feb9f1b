import {
  MAX_HOOKS,
  type Delivery,
  type DueDelivery,
  type Hook,
  type HookStore,
  type Settled,
} from '../../hooks/hook-store.ts';
import { createSlots } from '../../hooks/slots.ts';
import { revoked } from '../shared/event-rules.ts';
import { queuesOf, waitingOf, type Disabled, type KeptHook } from './event-plan.ts';
import { script, type Link } from './link.ts';
import { soonOfEach, type GlobalKeys } from './global-keys.ts';
import type { RedisTenants } from './tenants.ts';
import type { Transactions } from './run-transaction.ts';

const CREATE = script('create-hook');
const REMOVE = script('remove-hook');
const TAKE = script('take');
const SETTLE = script('settle');

/** Earlier versions wrote no origin. The last three fields are missing until the first attempt is settled. */
type KeptDelivery = Omit<DueDelivery['event'], 'id' | 'origin'> &
  Pick<Delivery, 'attempts' | 'nextAt'> &
  Partial<Pick<DueDelivery['event'], 'origin'>> &
  Partial<Pick<Delivery, 'deliveredAt' | 'statusCode' | 'error'>>;
type Line = readonly [id: string, text: string];

export interface HooksOptions {
  readonly link: Link;
  readonly globalKeys: GlobalKeys;
  readonly tenants: RedisTenants;
  readonly transactions: Transactions;
}

export interface RedisHooks extends HookStore {
  /** Disables the hooks that an API key made. */
  readonly disableOf: (tenant: string, apiKeyId: string) => Promise<void>;
}

/** Hooks are stored with their tenants. The global keys say to which tenant a hook belongs. */
export function createHooks({ link, globalKeys, tenants, transactions }: HooksOptions): RedisHooks {
  /** The hook that was served last. The next query begins after it, so that hooks take turns. */
  let turn = '';

  const names = (tenant: string) => {
    const base = tenants.base(tenant);
    return { base, hooks: `${base}:hooks`, disabled: `${base}:disabled` };
  };

  async function kept(tenant: string): Promise<readonly KeptHook[]> {
    const texts = (await link.ask('HVALS', names(tenant).hooks)) as readonly string[];
    return texts.map((text) => JSON.parse(text) as KeptHook).sort((one, other) => one.number - other.number);
  }

  /** Keeps the first reason. */
  async function disable(tenant: string, id: string, disabledReason: string): Promise<void> {
    const { now: disabledAt } = await transactions.read(tenant);
    const disabled: Disabled = { disabledAt, disabledReason };
    await link.ask('HSETNX', names(tenant).disabled, id, JSON.stringify(disabled));
    await changed(tenant);
  }

  /** Raises the version of the tenant's hooks, so that a transaction that was loaded with the earlier hooks is not written. */
  const changed = (tenant: string) => link.ask('HINCRBY', names(tenant).base, 'hooks', 1);

  async function owns(tenant: string, createdBy: string | null, id: string): Promise<boolean> {
    const text = await link.ask('HGET', names(tenant).hooks, id);
    return (
      text !== null &&
      (createdBy === null || (JSON.parse(text as string) as KeptHook).createdBy === createdBy)
    );
  }

  /** Hooks with due deliveries: first those after the one that was served last, then those from the start up to it. */
  async function withSomethingDue(): Promise<readonly (readonly [id: string, tenant: string])[]> {
    const all = await allHooks(globalKeys);
    if (all.length === 0) return [];
    const counted = await soonOfEach(all, async ([id, tenant]) => {
      const count = await link.ask('ZCARD', `${tenants.base(tenant)}:h:${id}:due`);
      return { hook: [id, tenant] as const, isDue: count !== 0 };
    });
    const some = counted
      .filter(({ isDue }) => isDue)
      .map(({ hook }) => hook)
      .sort(([one], [other]) => (one < other ? -1 : 1));
    return [...some.filter(([id]) => id > turn), ...some.filter(([id]) => id <= turn)];
  }

  async function take(
    id: string,
    tenant: string,
    limit: number,
    leaseMs: number,
  ): Promise<readonly DueDelivery[]> {
    const { now } = await transactions.read(tenant);
    const { base, hooks, disabled } = names(tenant);
    const keys = [hooks, disabled, `${base}:h:${id}:all`, `${base}:h:${id}:due`];
    const taken = await link.run(TAKE, keys, [id, now, now + leaseMs, limit]);
    if (taken === null) return [];
    const [text, lines] = taken as unknown as readonly [string, readonly Line[]];
    const { url, secret } = JSON.parse(text) as KeptHook;
    return lines.map((line) => ({ hook: { id, tenant, url, secret }, ...attemptOf(line) }));
  }

  return {
    async create({ tenant, ...hook }) {
      await tenants.ensure(tenant);
      await globalKeys.writeAny('HSET', 'hooks', hook.id, tenant);
      const { now: createdAt } = await transactions.read(tenant);
      const number = (await changed(tenant)) as number;
      const made: KeptHook = { ...hook, createdAt, number };
      const isMade = await link.run(
        CREATE,
        [names(tenant).hooks],
        [hook.id, JSON.stringify(made), MAX_HOOKS],
      );
      await changed(tenant);
      if (isMade === 1) return { outcome: 'created', hook: shown(made, undefined) };
      await globalKeys.writeAny('HDEL', 'hooks', hook.id);
      return { outcome: 'too_many' };
    },
    async list({ tenant, createdBy }) {
      const [all, off] = await Promise.all([kept(tenant), link.ask('HGETALL', names(tenant).disabled)]);
      const reasons = pairsOf(off as readonly string[]);
      return all
        .filter((hook) => createdBy === null || hook.createdBy === createdBy)
        .map((hook) => shown(hook, reasons.get(hook.id)));
    },
    async remove({ tenant, createdBy, id }) {
      if (!(await owns(tenant, createdBy, id))) return false;
      const { base, hooks, disabled } = names(tenant);
      if ((await link.run(REMOVE, [hooks, disabled, ...queuesOf(base, id)], [id])) !== 1) return false;
      await changed(tenant);
      await globalKeys.writeAny('HDEL', 'hooks', id);
      return true;
    },
    async deliveries({ tenant, createdBy, id, limit }) {
      if (!(await owns(tenant, createdBy, id))) return null;
      const of = `${names(tenant).base}:h:${id}`;
      const ids = (await link.ask('ZREVRANGE', `${of}:log`, 0, limit - 1)) as readonly string[];
      if (ids.length === 0) return [];
      const texts = (await link.ask('HMGET', `${of}:all`, ...ids)) as readonly (string | null)[];
      // A delivery that was swept meanwhile has no text.
      return ids.flatMap((event, at) => {
        const text = texts[at] ?? null;
        return text === null ? [] : [deliveryOf([event, text])];
      });
    },
    async due(query) {
      const slots = createSlots(query);
      const due: DueDelivery[] = [];
      for (const [id, tenant] of await withSomethingDue()) {
        if (due.length >= query.limit) break;
        const free = slots.free({ id, tenant });
        if (free === 0) continue;
        const taken = await take(id, tenant, free, query.leaseMs);
        due.push(...taken);
        slots.take({ id, tenant }, taken.length);
        turn = id;
      }
      return due;
    },
    async settle({ hookId: id, eventId, ...settled }) {
      const tenant = (await globalKeys.find('HGET', 'hooks', [id], (home) => home !== null)) as string | null;
      if (tenant === null || !(await owns(tenant, null, id))) return;
      const { now } = await transactions.read(tenant);
      const { base } = names(tenant);
      const text = (await link.ask('HGET', `${base}:h:${id}:all`, String(eventId))) as string | null;
      if (text !== null) {
        const { key } = JSON.parse(text) as KeptDelivery;
        const changes = changesOf(settled, now);
        await link.run(SETTLE, queuesOf(base, id), [
          String(eventId),
          waitingOf(key),
          JSON.stringify(changes),
        ]);
      }
      if (settled.outcome === 'disable') await disable(tenant, id, settled.reason);
    },
    async disableOf(tenant, apiKeyId) {
      for (const { id, createdBy } of await kept(tenant)) {
        if (createdBy === apiKeyId) await disable(tenant, id, revoked(apiKeyId));
      }
    },
  };
}

/** All hooks, with their tenants. */
export async function allHooks(
  globalKeys: GlobalKeys,
): Promise<readonly (readonly [id: string, tenant: string])[]> {
  const answers = (await globalKeys.askAll('HGETALL', 'hooks')) as readonly (readonly string[])[];
  return [...new Map(answers.flatMap((flat) => [...pairsOf(flat)]))];
}

function pairsOf(flat: readonly string[]): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (let at = 0; at < flat.length; at += 2) pairs.set(flat[at] ?? '', flat[at + 1] ?? '');
  return pairs;
}

function shown({ id, url, events, job, createdAt }: KeptHook, disabled: string | undefined): Hook {
  const never: Disabled = { disabledAt: null, disabledReason: null };
  const off = disabled === undefined ? never : (JSON.parse(disabled) as Disabled);
  return { id, url, events, job, createdAt, ...off };
}

function attemptOf([id, text]: Line): Pick<DueDelivery, 'event' | 'attempt'> {
  const kept = JSON.parse(text) as KeptDelivery;
  const { at, type, key, run, origin = null, attempt, firstSeenAt, errorCode, attempts } = kept;
  return {
    event: { id: Number(id), at, type, key, run, origin, attempt, firstSeenAt, errorCode },
    attempt: attempts,
  };
}

function deliveryOf([id, text]: Line): Delivery {
  const kept = JSON.parse(text) as KeptDelivery;
  const { type: eventType, key, at, attempts, nextAt } = kept;
  const { deliveredAt = null, statusCode = null, error = null } = kept;
  return { eventId: Number(id), eventType, key, at, attempts, nextAt, deliveredAt, statusCode, error };
}

/** What the outcome of an attempt changes in its delivery. */
function changesOf(settled: Settled, now: number) {
  const { outcome, statusCode } = settled;
  switch (outcome) {
    case 'retry':
      return { nextAt: now + settled.afterMs, statusCode, error: settled.error };
    case 'delivered':
      return { state: 'delivered', nextAt: null, deliveredAt: now, statusCode, error: null };
    case 'disable':
      return { state: 'given up', nextAt: null, deliveredAt: null, statusCode, error: settled.error };
  }
}
