import type { Part } from './part.ts';
import type { Signature } from './signature.ts';

/**
 * Who sends webhooks, as data: how it is recognised, what names an event and stays when it is sent again, and how it
 * signs. `rules.ts` evaluates it. One file a sender; what it really sends is in `test/sources/senders/`.
 */
export interface Sender {
  readonly id: string;
  readonly label: string;
  /** Where the sender says so. */
  readonly docs: string;
  /** It is recognised where all of one of these holds. That proves nothing: a signature does. */
  readonly seen: readonly [Condition, ...Condition[]];
  /** The form's field in which the JSON is, where it may send a form. */
  readonly jsonIn?: string;
  /** What a delivery holds: the first rule that fits decides. */
  readonly rules: readonly Rule[];
  /** Said where none fits: what a delivery must have for a key to follow from it. A sentence that starts with where. */
  readonly needs: `${'payload' | 'headers'} ${string}`;
  /** What changes when it sends an event again, and how often it does. A sentence. */
  readonly retries: string;
  /** What to do where Detect is not used. A sentence. */
  readonly recipe: string;
  /** How it may sign: the first whose header is there counts. None where it does not, or not in a way that is checked here. */
  readonly signatures?: readonly [Signature, ...Signature[]];
  /** The id of the sender whose secrets it signs with, where that is another. */
  readonly signsAs?: string;
  /** What its signature does not cover, though the key is made of it. A sentence. */
  readonly unsigned?: string;
}

/** What parts of the delivery must be: there (true), missing or empty (false), this text, or text of this form. */
export type Condition = Readonly<Record<Part, true | false | string | RegExp>>;

/** A delivery of one event, of several, or of none that could be named. */
export type Rule = { readonly when?: Condition } & (OneEvent | SeveralEvents | NoEvent);

export interface OneEvent {
  /** What names the event; a part that ends in a question mark may be missing. */
  readonly key: readonly [Part, ...Part[]];
  /** What it is about. Where this differs under one key, two events share the key by mistake, which is refused. */
  readonly covers?: readonly Part[];
}

interface SeveralEvents {
  /** Where they are. Each item is read by the first of its list that fits; one that none fits has no key. */
  readonly each: readonly (Listed | Skipped)[];
}

/** `of` is a path in the body with `[]` behind each list: `body:entry[].changes[]`. A body that is no list is one item of `body:[]`. */
export type Listed = { readonly of: `body:${string}`; readonly when?: Condition } & OneEvent;

/** An item that is no event. */
export interface Skipped {
  readonly of: `body:${string}`;
  readonly when: Condition;
  readonly skip: true;
}

interface NoEvent {
  /** Why it has no key and what to do instead, to be read after “payload”: “is a ping …”. */
  readonly none: string;
}

export const defineSender = <const S extends Sender>(sender: S): S => sender;
