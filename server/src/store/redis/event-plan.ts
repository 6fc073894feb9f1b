import { ofJob } from '../../claims/events.ts';
import { DAY_MS } from '../../claims/record.ts';
import { MAX_WAITING, type Hook, type NewHook } from '../../hooks/hook-store.ts';
import { eventTypes } from '../shared/codes.ts';
import { KEPT_OF_A_TENANT, SELDOM, TOO_MANY_WAITING } from '../shared/event-rules.ts';
import type { NewEvent } from '../shared/transaction.ts';

/** A hook as it is kept in `base:hooks`: JSON, which never changes. Once it is disabled, `base:disabled` says since when. */
export type KeptHook = Omit<Hook, 'disabledAt' | 'disabledReason'> &
  Omit<NewHook, 'tenant'> & { readonly number: number };

export type Disabled = Pick<Hook, 'disabledAt' | 'disabledReason'>;

/**
 * A delivery is JSON in `all`, found by its event in `log`. One that waits is in `wait`, by key and event; the first of
 * each key in `due`, by the time of its next attempt. One that is over is in `over`.
 */
export const queuesOf = (base: string, id: string): readonly string[] =>
  ['all', 'log', 'wait', 'due', 'over'].map((queue) => `${base}:h:${id}:${queue}`);

/** What `write.lua` is told of events and of whom they are delivered to, and the keys of the hooks' queues. */
export function eventPlan(base: string, events: readonly NewEvent[], hooks: readonly string[], now: number) {
  const listening = hooks.map((text) => JSON.parse(text) as KeptHook);
  const told: KeptHook[] = [];
  const days = new Map<string, number>();
  const planned = events.map(({ at, type, key, run, origin, attempt, firstSeenAt, errorCode, by }) => {
    const event = { at, type, key, run, origin, attempt, firstSeenAt, errorCode, by };
    const day = `${Math.floor(event.at / DAY_MS)}:${event.type}`;
    days.set(day, (days.get(day) ?? 0) + 1);
    const wanting = listening.filter((hook) => hook.events.includes(event.type) && ofJob(event, hook.job));
    for (const hook of wanting) if (!told.includes(hook)) told.push(hook);
    return {
      text: JSON.stringify(event),
      seldom: SELDOM.includes(eventTypes.code(event.type)),
      ...(wanting.length === 0
        ? {}
        : { hooks: wanting.map((hook) => told.indexOf(hook)), waiting: waitingOf(event.key) }),
    };
  });
  return {
    plan: {
      events: planned,
      days: [...days].flat(),
      keptEvents: KEPT_OF_A_TENANT,
      hooks: told.map(({ id }) => id),
      maxWaiting: MAX_WAITING,
      tooMany: JSON.stringify({ disabledAt: now, disabledReason: TOO_MANY_WAITING }),
    },
    keys: told.flatMap(({ id }) => queuesOf(base, id)),
  };
}

/** Sorts by event within a key: ids have 16 digits. */
export const waitingOf = (key: string): string => `${Buffer.byteLength(key)}:${key}:`;
