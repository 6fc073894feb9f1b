import type { JsonObject } from '../json.ts';
import type { Field, Output } from '../operations/operation.ts';

/** A trigger, as pure data: what a platform shows, and how its outputs follow from an event. */
export interface Trigger {
  readonly id: string;
  readonly label: string;
  /** One sentence, starting with "Triggers when". */
  readonly description: string;
  /** What the user should do about it: the end of the message. */
  readonly todo: string;
  /** The type of the events in hooks and in `/v1/events`. */
  readonly event: string;
  readonly fields: readonly Field[];
  /** In their rules, the event is the answer. */
  readonly outputs: readonly Output[];
  /** An event in the form of a hook's `data`. */
  readonly sampleEvent: JsonObject;
}

/** What is particular to one trigger. */
export type TriggerFacts = Pick<Trigger, 'id' | 'label' | 'description' | 'todo' | 'event'> & {
  readonly sampleEvent?: JsonObject;
};
