import {
  isOnceOnlyError,
  type ErrorCode,
  type OnceOnlyError,
  type OperationId,
  type PlatformName,
} from '@onceonly/shared';
import { nameEvent } from '@onceonly/shared/client/name-event.ts';
import type { Inputs } from '@onceonly/shared/inputs.ts';
import { judgeResult, type Emptiness } from '@onceonly/shared/empty/judge.ts';
import { operationsAsShown } from '@onceonly/shared/sentence-case.ts';
import type { Derived } from '@onceonly/shared/sources/derive.ts';
import { derive, type DeliveryBody } from './derived.ts';
import { whyNotJson } from './json-text.ts';
import type { Refusal } from './refusal.ts';

/** A step whose event is to be named. */
export interface ToBeNamed {
  readonly id: OperationId;
  readonly inputs: Inputs;
  readonly platform: PlatformName;
}

type Named =
  { readonly named: Inputs } | { readonly code: ErrorCode; readonly details: OnceOnlyError['details'] };

/** What takes long where a request is large. Each works on JSON text, which goes to another thread in no time. */
export const heavy = {
  /** Why the text is not JSON that can be worked with; null where it is. */
  whyNotJson,
  /** Whether a result is empty. */
  judge: (result: string): Emptiness => judgeResult(JSON.parse(result)),
  /** The keys of the delivery in a body. */
  derive: (body: string, now: number): Derived | Refusal =>
    derive(JSON.parse(body) as DeliveryBody, body, now),
  /** The inputs of a step with the key that its delivery makes, or why it makes none. */
  name: (text: string, now: number): Named => {
    const { id, inputs, platform } = JSON.parse(text) as ToBeNamed;
    try {
      return { named: nameEvent(operationsAsShown[id], inputs, { now, platform }) };
    } catch (error) {
      if (!isOnceOnlyError(error)) throw error;
      return { code: error.code, details: error.details };
    }
  },
};

export type Heavy = typeof heavy;

/** Characters of text that are worked on at once. Deriving a key takes longest: 25 ms on a busy machine. */
export const AT_ONCE = 16 * 1024;
