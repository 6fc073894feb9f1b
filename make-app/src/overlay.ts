import { type Choice, type Field, type OperationId } from '@onceonly/shared';
import { LIMITS } from '@onceonly/shared/limits.ts';

/** What Make adds to a field of an operation. */
export interface FieldOverlay {
  /** Shown among the first fields, although other platforms hide it. */
  readonly shown?: true;
  /** In the place of the operation's own help. */
  readonly help?: string;
  /** After the operation's own help. */
  readonly more?: string;
  readonly choices?: readonly Choice[];
}

export interface Overlay {
  readonly fields: Readonly<Record<string, FieldOverlay>>;
  readonly added?: readonly Field[];
  /** Where Make's defaults give another one. */
  readonly sample?: Readonly<Record<string, string>>;
}

const onDuplicate = {
  choices: [{ value: 'raise', label: 'Raise an error (DuplicateDataError)' }],
  more: 'Leave “Continue the execution of the route even if the module finds no results” off. Raise an error only with an error handler on this module, or the scenario is switched off.',
} satisfies FieldOverlay;

const onDuplicateOfCheck: FieldOverlay = {
  ...onDuplicate,
  more: `${onDuplicate.more} If the service answers every duplicate with an error, add the error handler Ignore.`,
};

const runReference: FieldOverlay = {
  shown: true,
  help: 'Recommended: map `{{uuid}}` from the step before.',
};

/** No code of ours runs here, so the server derives the key. */
const derived: Readonly<Record<string, FieldOverlay>> = {
  key_from: {
    more: 'All but a value works only with your own OnceOnly server.',
  },
  key: {
    more: 'If a mapped field may be missing, put a filter before this module. All bundles without it would share one key.',
  },
  headers: {
    more: 'Map Headers of the Custom webhook; switch on Get request headers in its advanced settings.',
  },
  payload: {
    more: `Map Value of the Custom webhook; switch on JSON pass-through in its advanced settings. The module can send ${String(LIMITS.bodyBytes / 1_024)} KiB in all.`,
  },
};

/** A claim is held for an hour. */
const held = { expires_at: '2026-11-25T11:30:00.000Z' };

const testOnly: Field = {
  id: 'test_only',
  label: 'Test Only',
  type: 'boolean',
  advanced: true,
  default: false,
  help: 'Yes claims nothing, and lets every run go on as if it were the first. Set it back to No before you switch the scenario on.',
};

/** What differs in the forms on Make. Everything else follows from the operations. */
export const overlays: Readonly<Record<OperationId, Overlay>> = {
  claimKey: {
    fields: {
      ...derived,
      on_duplicate: onDuplicate,
      group: {
        more: 'If the mapped field may be missing, put a filter before this module. A bundle without it does not wait.',
      },
      sequence: {
        more: 'If the mapped field may be missing, put a filter before this module. Bundles without it would stop as duplicates.',
      },
      // https://help.make.com/fixing-rate-limit-errors, https://help.make.com/exponential-backoff
      while_in_progress: {
        more: 'It waits only if Run reference is filled in. For Try again later, switch on “Store incomplete executions” in the scenario, or Make switches the scenario off after eight tries.',
      },
      run_reference: runReference,
    },
    added: [testOnly],
    sample: held,
  },
  completeKey: {
    fields: {
      reject_empty: { more: 'The hosted service takes only a missing result as empty.' },
    },
  },
  failKey: { fields: {} },
  extendClaim: { fields: {} },
  releaseKey: { fields: {} },
  getKey: { fields: {}, sample: held },
  lockKey: {
    fields: {
      ...derived,
      on_duplicate: onDuplicateOfCheck,
      run_reference: runReference,
    },
    added: [testOnly],
  },
};
