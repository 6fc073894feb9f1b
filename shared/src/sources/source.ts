import type { Json } from '../json.ts';
import type { Delivery, Fault } from './delivery.ts';

/** One event of a delivery. */
export interface SourceEvent {
  /** What tells it from every other event of this sender; the same on every redelivery. */
  readonly key: string;
  /** What it is about. Where this differs under one key, two events share the key by mistake. */
  readonly covers: Json;
}

/** How a sender signs. What is checked is the text as it came: parsed and written again, it is another. */
export interface Signature {
  /** The header that holds it, in lower case. */
  readonly header: string;
  /** The address that it was sent to is signed too. */
  readonly coversUrl?: true;
  /** Whether the holder of the secret sent just this, lately where the sender signs the time. Throws nothing. */
  isSigned(delivery: SignedDelivery, check: SignatureCheck): boolean;
}

export type SignedDelivery = Delivery & { readonly text: string; readonly url: string };

export interface SignatureCheck {
  readonly secret: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** How far the time that was signed may be from now. */
  readonly maxAgeMs: number;
}

/** Who sends webhooks, and what stays the same when one is sent again. */
export interface Source {
  readonly id: string;
  readonly label: string;
  /** Where the sender says so. */
  readonly docs: string;
  /** What a delivery must have for a key to follow from it. */
  readonly needs: Fault;
  /** Whether it looks like this sender's. Proves nothing: a signature does. */
  looksLike(delivery: Delivery): boolean;
  /** The events in it, in order; none where it lacks what is needed. */
  events(delivery: Delivery): readonly SourceEvent[];
  readonly signature?: Signature;
}

export const defineSource = <const S extends Source>(source: S): S => source;
