import { outputsOf } from '../client/translate.ts';
import { asText, isObject, type Json, type JsonObject } from '../json.ts';
import type { Trigger } from './trigger.ts';

/** The outputs of a trigger for an event; null for what is not known. */
export type TriggerOutputs = Readonly<Record<string, Json>>;

/** The outputs of a trigger for an event, as `/v1/events` lists it and as it is in a hook's `data`. `now`: epoch milliseconds. */
export const readEvent = (trigger: Trigger, event: JsonObject, now = Date.now()): TriggerOutputs =>
  outputsOf(trigger.outputs, {}, event, now);

/** The outputs for the body of a hook's delivery; undefined if it is not an event of this trigger. */
export function readHookDelivery(trigger: Trigger, body: unknown): TriggerOutputs | undefined {
  if (!isObject(body) || body['type'] !== trigger.event) return undefined;
  const { data } = body;
  return isObject(data) ? readEvent(trigger, data) : undefined;
}

/** The outputs that a platform shows before anything has happened. */
export const sampleOf = (trigger: Trigger): TriggerOutputs =>
  readEvent(trigger, trigger.sampleEvent, Date.parse(asText(trigger.sampleEvent['at'] ?? null)));
