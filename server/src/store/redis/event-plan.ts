import { ofJob } from '../../claims/events.ts';
import { DAY_MS } from '../../claims/record.ts';
import { MAX_WAITING, type Hook, type NewHook } from '../../hooks/hook-store.ts';
import { eventTypes } from '../shared/codes.ts';
import { KEPT_OF_A_TENANT, SELDOM, TOO_MANY_WAITING } from '../shared/event-rules.ts';
import type { NewEvent } from '../shared/transaction.ts';

/** A hook as it is stored in `BASE:hooks`: JSON that never changes. Whether it is disabled is stored in `BASE:disabled`. */
export type KeptHook = Omit<Hook, 'disabledAt' | 'disabledReason'> &
  Omit<NewHook, 'tenant'> & { readonly number: number };

export type Disabled = Pick<Hook, 'disabledAt' | 'disabledReason'>;

/**
 * The names of the queues of a hook. `all` holds each delivery as JSON, and `log` its event ids. Waiting deliveries are in `wait`,
 * sorted by key and event. The first of each key is in `due`, sorted by the time of the next attempt. Ended ones are in `over`.
 */
export const queuesOf = (base: string, id: string): readonly string[] =>
  ['all', 'log', 'wait', 'due', 'over'].map((queue) => `${base}:h:${id}:${queue}`);

/** The part of the plan for `write.lua` about events and their receivers, and the names of the receivers' queues. */
export function eventPlan(base: string, events: readonly NewEvent[], hooks: readonly string[], now: number) {
  const listening = hooks.map((text) => JSON.parse(text) as KeptHook);
  const receivers: KeptHook[] = [];
  const days = new Map<string, number>();
  const planned = events.map(({ at, type, key, run, origin, attempt, firstSeenAt, errorCode, by }) => {
    const event = { at, type, key, run, origin, attempt, firstSeenAt, errorCode, by };
    const day = `${Math.floor(event.at / DAY_MS)}:${event.type}`;
    days.set(day, (days.get(day) ?? 0) + 1);
    const wanting = listening.filter((hook) => hook.events.includes(event.type) && ofJob(event, hook.job));
    for (const hook of wanting) if (!receivers.includes(hook)) receivers.push(hook);
    return {
      text: JSON.stringify(event),
      seldom: SELDOM.includes(eventTypes.code(event.type)),
      ...(wanting.length === 0
        ? {}
        : { hooks: wanting.map((hook) => receivers.indexOf(hook)), waiting: waitingOf(event.key) }),
    };
  });
  return {
    plan: {
      events: planned,
      days: [...days].flat(),
      keptEvents: KEPT_OF_A_TENANT,
      hooks: receivers.map(({ id }) => id),
      maxWaiting: MAX_WAITING,
      tooMany: JSON.stringify({ disabledAt: now, disabledReason: TOO_MANY_WAITING }),
    },
    keys: receivers.flatMap(({ id }) => queuesOf(base, id)),
  };
}

/** The prefix of a key's members in `wait`. With the event ids after it, which have 16 digits, they are sorted by event. */
export const waitingOf = (key: string): string => `${Buffer.byteLength(key)}:${key}:`;
