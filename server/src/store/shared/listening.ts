import { EVENT_TYPES, type EventType } from '../../claims/events.ts';
import { MAX_WAITING } from '../../hooks/hook-store.ts';
import { eventTypes } from './codes.ts';

/** Types of events as one number, a bit for each. */
export const maskOf = (types: readonly EventType[]): number =>
  types.reduce((mask, type) => mask | bitOf(type), 0);

export const typesOf = (mask: number): readonly EventType[] =>
  EVENT_TYPES.filter((type) => mask & bitOf(type));

const bitOf = (type: EventType): number => 1 << eventTypes.code(type);

/** Whether a hook's `events` have this type among them. */
export function wants({ events }: { readonly events: number }, type: EventType): boolean {
  return (events & bitOf(type)) !== 0;
}

/** Why a hook is disabled that nobody delivers to. */
export const TOO_MANY_WAITING = `More than ${MAX_WAITING.toLocaleString('en-US')} events waited to be delivered.`;

export const KEPT_OF_A_HOOK = 10_000;

export const revoked = (apiKeyId: string): string => `The API key that made it, ${apiKeyId}, was revoked.`;
