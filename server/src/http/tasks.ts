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

/** A step whose key is to be derived. */
export interface StepToName {
  readonly id: OperationId;
  readonly inputs: Inputs;
  readonly platform: PlatformName;
}

type Named =
  { readonly named: Inputs } | { readonly code: ErrorCode; readonly details: OnceOnlyError['details'] };

/** The tasks that take long for a large request. Each takes JSON text, since text is cheap to send to another thread. */
export const tasks = {
  /** Why the text cannot be used as JSON; null if it can. */
  whyNotJson,
  /** Judges whether a result is empty. */
  judge: (result: string): Emptiness => judgeResult(JSON.parse(result)),
  /** Derives the keys of the delivery in a body. */
  derive: (body: string, now: number): Derived | Refusal =>
    derive(JSON.parse(body) as DeliveryBody, body, now),
  /** Adds the key that the delivery makes to the inputs of a step, or says why it makes none. */
  nameEvent: (text: string, now: number): Named => {
    const { id, inputs, platform } = JSON.parse(text) as StepToName;
    try {
      return { named: nameEvent(operationsAsShown[id], inputs, { now, platform }) };
    } catch (error) {
      if (!isOnceOnlyError(error)) throw error;
      return { code: error.code, details: error.details };
    }
  },
};

export type Tasks = typeof tasks;

/** Shorter texts are worked on in the server's own thread. The longest task, deriving a key, then takes 25 ms on a busy machine. */
export const INLINE_CHARACTERS = 16 * 1024;
