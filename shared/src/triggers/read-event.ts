import { outputsOf } from '../client/translate.ts';
import { asText, isObject, type Json, type JsonObject } from '../json.ts';
import type { Trigger } from './trigger.ts';

/** What a platform is given of an event: every output of the trigger, null where unknown. */
export type TriggerOutputs = Readonly<Record<string, Json>>;

/** An event, as `/v1/events` lists it and a hook's `data` holds it, read as the trigger's outputs. `now`: epoch milliseconds. */
export const readEvent = (trigger: Trigger, event: JsonObject, now = Date.now()): TriggerOutputs =>
  outputsOf(trigger.outputs, {}, event, now);

/** The outputs of the hook's body that a delivery brought; undefined where it is not this trigger's event. */
export function readHookDelivery(trigger: Trigger, body: unknown): TriggerOutputs | undefined {
  if (!isObject(body) || body['type'] !== trigger.event) return undefined;
  const { data } = body;
  return isObject(data) ? readEvent(trigger, data) : undefined;
}

/** What a platform shows before anything has happened. Its time is told as of its own year. */
export const sampleOf = (trigger: Trigger): TriggerOutputs =>
  readEvent(trigger, trigger.sampleEvent, Date.parse(asText(trigger.sampleEvent['at'] ?? null)));
