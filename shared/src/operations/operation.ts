import type { Json, JsonObject } from '../json.ts';
import type { Rule } from '../rules.ts';

export type PlatformName = 'zapier' | 'n8n' | 'make' | 'node';

/** What the server must be able to do for a choice to be kept; the hosted API lacks them all. */
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

/** Where the pages are that a field's `guide` names. */
export const GUIDES = 'https://github.com/OnceOnly-Tech/onceonly-apps/blob/main/docs/';

interface FieldBase {
  readonly id: string;
  readonly label: string;
  /** For people who build automations: what to enter, and what follows from it. One or two sentences. */
  readonly help: string;
  /** The page, and the heading, in `docs/` that says more. */
  readonly guide?: string;
  readonly required?: true;
  /** Not shown until asked for, where the platform can hide a field. */
  readonly advanced?: true;
  readonly notOn?: readonly PlatformName[];
  /** Shown, required and read only where the choice of that id, which stands above, is one of these; empty otherwise. */
  readonly onlyIf?: OnlyIf;
  /** Said after its label where it is set although it does not count: it is then refused, and not passed over. */
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
        /** Not to be read over a shoulder, nor in a log. */
        readonly secret?: true;
      }
    /** Texts: a list, or one a line. */
    | { readonly type: 'list'; readonly example?: string; readonly maxItems: number }
    | {
        readonly type: 'number';
        readonly whole?: true;
        readonly min: number;
        readonly max: number;
        /** What to start from where there is no default and a platform cannot show an empty number. */
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
    /** Text, or any JSON. Text that is JSON is read as such, unless it is wanted as it came. */
    | { readonly type: 'json'; readonly asItCame?: true }
  );

export interface Output {
  readonly id: string;
  readonly label: string;
  readonly type: 'text' | 'integer' | 'boolean' | 'date' | 'json';
  /** How it follows from the answer, the inputs and the outputs above it. */
  readonly from: Rule;
}

export interface Request {
  /** Sent only if this holds for the answers so far. */
  readonly when?: Rule;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Members of the body, or of the query of a GET; one that comes out as null is not sent. */
  readonly send: Readonly<Record<string, Rule>>;
}

/**
 * What a platform does after an operation: go on; stop this run without a word; try the step again later; tell the
 * user, since the run cannot go on by itself. Where the claim was lost meanwhile: `late`, the work is done, and perhaps
 * twice, which the user is told; `lost`, nothing was changed, and nothing is to be done.
 */
export type Then = 'continue' | 'stop' | 'retry_later' | 'tell' | 'late' | 'lost';

/** An operation as pure data: whatever a platform shows or sends follows from here. */
export interface Operation {
  readonly id: string;
  readonly label: string;
  /** One sentence, starting with a verb in -s. */
  readonly description: string;
  readonly kind: 'action' | 'lookup';
  /** In the order in which they are shown. */
  readonly fields: readonly Field[];
  /** Sent in order; the members of a later answer join those of the first. */
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

/** What an operation takes; fields with a default, or not required, may be left out. */
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

/** What an operation gives: every output always, null where unknown. Dates are ISO-8601 in UTC. */
export type OutputsOf<O extends Operation> = {
  readonly [T in O['outputs'][number] as T['id']]: OutputValue<T>;
};

export const defineOperation = <const O extends Operation>(operation: O): O => operation;
