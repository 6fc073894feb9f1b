import type { Json, JsonObject } from '../json.ts';
import type { Rule } from '../rules.ts';

export type PlatformName = 'zapier' | 'n8n' | 'make' | 'node';

/** What the server must support for an option. The hosted API has none of these. */
export type Capability =
  | 'holder'
  | 'run'
  | 'on_expired'
  | 'max_attempts'
  | 'fingerprint'
  | 'retention'
  | 'retryable'
  | 'reject_empty'
  | 'batch'
  | 'derive'
  | 'groups'
  | 'watch'
  | 'hooks';

export interface Choice {
  readonly value: string;
  readonly label: string;
  /** Refused where the server lacks this. */
  readonly needs?: Capability;
}

export interface OnlyIf {
  readonly field: string;
  readonly is: readonly string[];
}

/** The folder of the pages that a field's `guide` names. */
export const GUIDES = 'https://github.com/OnceOnly-Tech/onceonly-apps/blob/main/docs/';

interface FieldBase {
  readonly id: string;
  readonly label: string;
  /** What to enter, and what it does, for people who build automations. One or two sentences. */
  readonly help: string;
  /** The page in `docs/`, and its heading, that says more. */
  readonly guide?: string;
  readonly required?: true;
  /** Hidden at first, if the platform can hide a field. */
  readonly advanced?: true;
  readonly notOn?: readonly PlatformName[];
  /** Shown, required and read only if the choice with that id, which comes before, has one of these values. Otherwise it is empty. */
  readonly onlyIf?: OnlyIf;
  /** The error, after the label, for a field that is set although it does not apply. Without it, such a field is ignored. */
  readonly ifPassedOver?: string;
  /** A choice other than the default is refused where the server lacks this. */
  readonly needs?: Capability;
}

export type Field = FieldBase &
  (
    | {
        readonly type: 'text';
        readonly example?: string;
        readonly maxLength?: number;
        /** Hidden on the screen, and never logged. */
        readonly secret?: true;
      }
    /** Several texts: a list, or one on each line. */
    | { readonly type: 'list'; readonly example?: string; readonly maxItems: number }
    | {
        readonly type: 'number';
        readonly whole?: true;
        readonly min: number;
        readonly max: number;
        /** The initial value, if there is no default and the platform cannot show an empty number. */
        readonly example?: number;
        readonly default?: number;
        readonly defaultOn?: Partial<Readonly<Record<PlatformName, number>>>;
      }
    | { readonly type: 'boolean'; readonly default: boolean }
    | {
        readonly type: 'choice';
        readonly choices: readonly Choice[];
        readonly default: string;
        readonly defaultOn?: Partial<Readonly<Record<PlatformName, string>>>;
      }
    /** Text, or any JSON. Text that is JSON is parsed, unless `asItCame` is set. */
    | { readonly type: 'json'; readonly asItCame?: true }
  );

export interface Output {
  readonly id: string;
  readonly label: string;
  readonly type: 'text' | 'integer' | 'boolean' | 'date' | 'json';
  /** How it follows from the answer, the inputs and the outputs before it. */
  readonly from: Rule;
}

export interface Request {
  /** Sent only if this holds for the answers so far. */
  readonly when?: Rule;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** The members of the body, or of the query of a GET. One whose rule gives null is not sent. */
  readonly send: Readonly<Record<string, Rule>>;
}

/**
 * What a platform does after an operation: `continue`; `stop` the run silently; try the step again later; `tell` the user, since the
 * run cannot go on by itself. If the claim was lost meanwhile: `late` means that the work was done, perhaps twice, and the user is
 * told; `lost` means that nothing was changed, and there is nothing to do.
 */
export type Then = 'continue' | 'stop' | 'retry_later' | 'tell' | 'late' | 'lost';

/** An operation as pure data. Everything that a platform shows or sends follows from it. */
export interface Operation {
  readonly id: string;
  readonly label: string;
  /** One sentence, starting with a verb in -s. */
  readonly description: string;
  readonly kind: 'action' | 'lookup';
  /** In the order in which they are shown. */
  readonly fields: readonly Field[];
  /** Sent in order. The members of all answers are merged. */
  readonly requests: readonly [Request, ...Request[]];
  readonly outputs: readonly Output[];
  readonly then: Rule;
  readonly sample: JsonObject;
}

type ValueOf<F> = F extends { type: 'text' }
  ? string
  : F extends { type: 'number' }
    ? number
    : F extends { type: 'boolean' }
      ? boolean
      : F extends { type: 'choice'; choices: readonly { value: infer V }[] }
        ? V
        : F extends { type: 'list' }
          ? readonly string[]
          : Json;

interface Always {
  readonly required: true;
  readonly onlyIf?: never;
}

/** The inputs of an operation. Fields that are not required, or have a default, may be left out. */
export type InputsOf<O extends Operation> = {
  readonly [F in O['fields'][number] as F extends Always ? F['id'] : never]: ValueOf<F>;
} & {
  readonly [F in O['fields'][number] as F extends Always ? never : F['id']]?: ValueOf<F> | null;
};

type OutputValue<T> = T extends { type: 'integer' }
  ? number | null
  : T extends { type: 'boolean' }
    ? boolean | null
    : T extends { type: 'json' }
      ? Json
      : string | null;

/** The outputs of an operation. All are always present; null means unknown. Dates are ISO-8601 in UTC. */
export type OutputsOf<O extends Operation> = {
  readonly [T in O['outputs'][number] as T['id']]: OutputValue<T>;
};

export const defineOperation = <const O extends Operation>(operation: O): O => operation;
