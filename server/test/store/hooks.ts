import type { DueDelivery, HookStore, NewHook, Settled } from '../../src/hooks/hook-store.ts';
import { acquire, completeOf, HOUR_MS, TENANT, useStore, type OpenStore } from './fixture.ts';

/** Whom to tell of what, and what is on its way to them. */
export function hooks(open: OpenStore): void {
  const fixture = useStore(open);
  const store = (): HookStore => fixture.store.hooks;
  const ALL = { tenant: TENANT, createdBy: null };

  const add = (id: string, fields: Partial<NewHook> = {}) =>
    store().create({
      id,
      tenant: TENANT,
      createdBy: 'key_1',
      url: `https://example.org/${id}`,
      secret: 'whsec_c2VjcmV0',
      events: ['run_died'],
      job: null,
      ...fields,
    });

  const due = (fields: Partial<Parameters<HookStore['due']>[0]> = {}): Promise<readonly DueDelivery[]> =>
    store().due({ limit: 10, perHook: 5, perTenant: 10, busy: [], failing: [], leaseMs: 60_000, ...fields });

  const settle = ({ hook, event }: DueDelivery, settled: Settled): Promise<void> =>
    store().settle({ ...settled, hookId: hook.id, eventId: event.id });

  async function die(key: string): Promise<void> {
    await acquire(fixture, key, { origin: `{"workflow":"${key}"}` });
    fixture.step(HOUR_MS);
    await fixture.store.claims.reportDeaths(100);
  }

  it('lists them to their maker and to the tenant, without the secret', async () => {
    await add('a');
    await add('b', { createdBy: 'key_2', job: 'orders', events: ['failed', 'run_died'] });
    await add('c', { tenant: 'other' });
    expect((await store().list(ALL)).map(({ id }) => id)).toEqual(['a', 'b']);
    const mine = await store().list({ tenant: TENANT, createdBy: 'key_2' });
    expect(mine).toEqual([
      {
        id: 'b',
        url: 'https://example.org/b',
        events: ['failed', 'run_died'],
        job: 'orders',
        createdAt: fixture.now(),
        disabledAt: null,
        disabledReason: null,
      },
    ]);
  });

  it('removes one of their own only, once', async () => {
    await add('a');
    expect(await store().remove({ tenant: TENANT, createdBy: 'key_2', id: 'a' })).toBe(false);
    expect(await store().remove({ tenant: 'other', createdBy: null, id: 'a' })).toBe(false);
    expect(await store().remove({ ...ALL, id: 'a' })).toBe(true);
    expect(await store().remove({ ...ALL, id: 'a' })).toBe(false);
    expect(await store().list(ALL)).toEqual([]);
  });

  it('tells a new hook of nothing from before it, and of all after it, also where the clock was set back', async () => {
    await add('first');
    await die('before');
    await add('second');
    fixture.step(-2 * HOUR_MS);
    await store().create({
      ...{ id: 'third', tenant: TENANT, createdBy: 'key_1', url: 'https://example.org/third' },
      ...{ secret: 'whsec_c2VjcmV0', events: ['claimed'], job: null },
    });
    fixture.step(-2 * HOUR_MS);
    await acquire(fixture, 'after');
    const keysOf = async (id: string) =>
      (await store().deliveries({ ...ALL, id, limit: 10 }))?.map(({ key }) => key);
    await fixture.store.events.recent({ tenant: TENANT, limit: 1 });
    expect([await keysOf('first'), await keysOf('second'), await keysOf('third')]).toEqual([
      ['before'],
      [],
      ['after'],
    ]);
  });

  it('hands out what a hook wants, to one caller until the lease ends', async () => {
    await add('a');
    await add('b', { job: 'orders' });
    await add('c', { events: ['completed'] });
    await die('orders:1');
    await die('mails:1');
    const first = await due();
    expect(first.map(({ hook, event }) => [hook.id, event.type, event.key, event.origin]).sort()).toEqual([
      ['a', 'run_died', 'mails:1', '{"workflow":"mails:1"}'],
      ['a', 'run_died', 'orders:1', '{"workflow":"orders:1"}'],
      ['b', 'run_died', 'orders:1', '{"workflow":"orders:1"}'],
    ]);
    expect(await due()).toEqual([]);
    fixture.step(60_000);
    expect((await due()).map(({ attempt }) => attempt)).toEqual([2, 2, 2]);
  });

  it('keeps the order of one key, and lets other keys pass', async () => {
    await add('a', { events: ['run_died', 'completed'] });
    const { leaseId } = await acquire(fixture, 'k');
    fixture.step(HOUR_MS);
    await fixture.store.claims.reportDeaths(100);
    await fixture.store.claims.complete(completeOf('k', leaseId));
    await die('other');
    // Reading events writes down what is still held.
    await fixture.store.events.recent({ tenant: TENANT, limit: 1 });
    const [died, other] = await due();
    expect([died?.event.key, died?.event.type, other?.event.key]).toEqual(['k', 'run_died', 'other']);
    if (died === undefined) throw new Error('nothing is due');
    await settle(died, { outcome: 'retry', afterMs: 5_000, statusCode: 500, error: 'HTTP 500' });
    expect(await due()).toEqual([]);
    fixture.step(5_000);
    const [again] = await due();
    expect(again).toMatchObject({ attempt: 2, event: { type: 'run_died' } });
    await settle(died, { outcome: 'delivered', statusCode: 200 });
    expect(await due()).toMatchObject([{ attempt: 1, event: { key: 'k', type: 'completed' } }]);
    expect(await store().deliveries({ ...ALL, id: 'a', limit: 10 })).toMatchObject([
      { eventType: 'run_died', key: 'other' },
      { eventType: 'completed', key: 'k' },
      {
        eventType: 'run_died',
        key: 'k',
        attempts: 2,
        statusCode: 200,
        deliveredAt: fixture.now(),
        nextAt: null,
      },
    ]);
  });

  it('takes a few of each hook, so that a slow one starves nobody', async () => {
    await add('a');
    await add('b');
    for (const key of ['1', '2', '3', '4']) await die(key);
    const taken = await due({ limit: 4, perHook: 2 });
    expect(taken.map(({ hook }) => hook.id).sort()).toEqual(['a', 'a', 'b', 'b']);
    const [a, , b] = taken.map(({ hook }) => hook).sort((one, other) => (one.id < other.id ? -1 : 1));
    if (a === undefined || b === undefined) throw new Error('nothing is due');
    expect(await due({ perHook: 2, busy: [a, a, b] })).toMatchObject([{ hook: { id: 'b' } }]);
  });

  it('hands out so many of a tenant, and one at a time of a hook that fails', async () => {
    for (const id of ['a', 'b', 'c']) await add(id);
    await add('z', { tenant: 'other' });
    for (const key of ['1', '2', '3']) await die(key);
    await acquire(fixture, 'k', { tenant: 'other' });
    fixture.step(HOUR_MS);
    await fixture.store.claims.reportDeaths(100);
    const first = await due({ perTenant: 2, failing: ['a', 'b', 'c'] });
    const of = (taken: readonly DueDelivery[]) => taken.map(({ hook }) => hook.id).sort();
    expect(of(first).filter((id) => id !== 'z')).toHaveLength(1);
    expect(of(first)).toContain('z');
    const busy = first.map(({ hook }) => hook);
    const second = await due({ perTenant: 2, busy, failing: ['a', 'b', 'c'] });
    expect(of(second)).toEqual([]);
    expect(await due({ perTenant: 4, busy, failing: ['a', 'b', 'c'] })).toHaveLength(1);
    expect(await due({ perTenant: 4, busy })).toHaveLength(3);
  });

  it('disables a hook with its first reason, and its maker’s hooks with a revoked key', async () => {
    await add('a');
    await die('k');
    const [one] = await due();
    if (one === undefined) throw new Error('nothing is due');
    await settle(one, { outcome: 'disable', reason: 'It is gone.', statusCode: 410, error: 'HTTP 410' });
    const key = { id: 'key_2', tenant: TENANT, role: 'automation', hash: 'x' } as const;
    await fixture.store.apiKeys.create(key);
    await add('b', { createdBy: 'key_2' });
    await fixture.store.apiKeys.revoke('key_2');
    await die('later');
    expect(await due()).toEqual([]);
    expect(await store().list(ALL)).toMatchObject([
      { id: 'a', disabledAt: expect.any(Number) as number, disabledReason: 'It is gone.' },
      {
        id: 'b',
        disabledAt: expect.any(Number) as number,
        disabledReason: expect.stringMatching(/revoked/) as string,
      },
    ]);
  });
}
