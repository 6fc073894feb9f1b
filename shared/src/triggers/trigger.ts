import type { JsonObject } from '../json.ts';
import type { Field, Output } from '../operations/operation.ts';

/** Something that happened to a key, as pure data: what a platform shows of it, and how its outputs follow from the event. */
export interface Trigger {
  readonly id: string;
  readonly label: string;
  /** One sentence, starting with "Triggers when". */
  readonly description: string;
  /** What the user does about it: ends the recipe "key, job, when, what to do". */
  readonly todo: string;
  /** The type of the events, as hooks and `/v1/events` name it. */
  readonly event: string;
  readonly fields: readonly Field[];
  /** Their rules read the event as the answer. */
  readonly outputs: readonly Output[];
  /** An event, in the shape of the hook's `data`. */
  readonly sampleEvent: JsonObject;
}

/** The event's own name, apart from what is told of every one. */
export type TriggerFacts = Pick<Trigger, 'id' | 'label' | 'description' | 'todo' | 'event'> & {
  readonly sampleEvent?: JsonObject;
};
