import type { Part } from './part.ts';
import type { Signature } from './signature.ts';

/**
 * A sender of webhooks, as data: how it is recognised, what identifies an event and stays the same on redelivery, and how it
 * signs. `sender-rules.ts` evaluates it. Each sender has its own file; examples of real deliveries are in `test/sources/senders/`.
 */
export interface Sender {
  readonly id: string;
  readonly label: string;
  /** The sender's documentation. */
  readonly docs: string;
  /** A delivery is recognised if one of these conditions holds. That proves nothing; only a signature does. */
  readonly seen: readonly [Condition, ...Condition[]];
  /** The field that contains the JSON, if the sender may send a form. */
  readonly jsonIn?: string;
  /** What a delivery contains. The first rule that fits is used. */
  readonly rules: readonly Rule[];
  /** Shown if no rule fits: what a delivery needs so that it has a key. A sentence that starts with the field. */
  readonly needs: `${'payload' | 'headers'} ${string}`;
  /** How often it repeats a delivery, and what changes then. A sentence. */
  readonly retries: string;
  /** What to do without Detect. A sentence. */
  readonly recipe: string;
  /** How it may sign. The first whose header is present is checked. Missing if it does not sign, or not in a way that is supported. */
  readonly signatures?: readonly [Signature, ...Signature[]];
  /** The id of another sender whose secrets it uses. */
  readonly signsAs?: string;
  /** What the key is made from but the signature does not cover. A sentence. */
  readonly unsigned?: string;
}

/** What parts of the delivery must be: present (true), missing or empty (false), this text, or text that matches. */
export type Condition = Readonly<Record<Part, true | false | string | RegExp>>;

/** A delivery of one event, of several, or of none that has a key. */
export type Rule = { readonly when?: Condition } & (OneEvent | SeveralEvents | NoEvent);

export interface OneEvent {
  /** The parts that identify the event. A part that ends with a question mark may be missing. */
  readonly key: readonly [Part, ...Part[]];
  /** What the event is about. If this differs for the same key, two events share it by mistake, which is refused. */
  readonly covers?: readonly Part[];
}

interface SeveralEvents {
  /** Where the events are. The first entry for the list that fits an item is used; an item that none fits has no key. */
  readonly each: readonly (Listed | Skipped)[];
}

/** `of` is a path in the body with `[]` after each list: `body:entry[].changes[]`. A body that is not a list is the only item of `body:[]`. */
export type Listed = { readonly of: `body:${string}`; readonly when?: Condition } & OneEvent;

/** An item that is not an event. */
export interface Skipped {
  readonly of: `body:${string}`;
  readonly when: Condition;
  readonly skip: true;
}

interface NoEvent {
  /** Why the delivery has no key, and what to do instead, as the rest of a sentence after “payload”: “is a ping …”. */
  readonly none: string;
}

export const defineSender = <const S extends Sender>(sender: S): S => sender;
