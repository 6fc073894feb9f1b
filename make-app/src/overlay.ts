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
  more: 'Stop here finds nothing, as a search does, and so the route ends without an error; leave the setting "Continue the execution of the route even if the module finds no results" off. Raise an error only with an error handler on this module: an error that nothing handles switches off a scenario that starts with a webhook.',
} satisfies FieldOverlay;

const onDuplicateOfCheck: FieldOverlay = {
  ...onDuplicate,
  more: `${onDuplicate.more} Some hosted services answer every duplicate with an error, whatever is chosen here: there, add the error handler Ignore to this module.`,
};

const runReference = (whatFollows: string): FieldOverlay => ({
  shown: true,
  help: `Names this run: map the system variable Execution ID, and where a run carries several bundles, add the Bundle order position of the module before; never the key, nor anything taken from the event. With it, a run whose answer was lost finds its own key when Make repeats this module; left empty, or if the repeated run has another Execution ID, it takes itself for a duplicate and stops quietly, and the work stays undone: ${whatFollows}`,
});

/** No code of ours runs here, so the server derives the key. */
const derived: Readonly<Record<string, FieldOverlay>> = {
  key_from: {
    more: 'All but a value needs your own OnceOnly server, which makes the key; with the hosted service the module says so and claims nothing.',
  },
  key: {
    more: 'Of several fields? Put a filter before this module that lets only bundles pass in which each of them exists: Make puts nothing in the place of a missing one, and all such events would share one key.',
  },
  headers: {
    more: 'In Make: Headers of the Custom webhook, in whose advanced settings Get request headers is on.',
  },
  payload: {
    more: `In Make: Value of the Custom webhook, in whose advanced settings JSON pass-through is on; that is the body as it came. With all else that this module sends, it may have ${String(LIMITS.bodyBytes / 1_024)} KiB.`,
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
  help: 'For trying the scenario out: Yes claims nothing and lets every run go on as if it were the first. Without it, a second "Run once" with the same key stops, since the first one has claimed it. Set it back to No before you switch the scenario on.',
};

/** What differs in the forms on Make. Everything else follows from the operations. */
export const overlays: Readonly<Record<OperationId, Overlay>> = {
  claimKey: {
    fields: {
      ...derived,
      on_duplicate: onDuplicate,
      group: {
        more: 'May the mapped field be missing? Put a filter before this module: a bundle in which it is empty waits for nobody, and nobody for it.',
      },
      sequence: {
        more: 'May the mapped field be missing? Put a filter before this module: a bundle in which it is empty has no version, and those after it would stop as its duplicates.',
      },
      // https://help.make.com/fixing-rate-limit-errors, https://help.make.com/exponential-backoff
      while_in_progress: {
        more: 'It waits only if Run reference is filled in. Try again later raises a RateLimitError, which Make repeats: this module alone if the scenario setting "Store incomplete executions" is on, otherwise the whole scenario, which is switched off after the eighth try. The hosted service cannot tell a repeated claim from another run: there, all but Continue is tried again later.',
      },
      run_reference: runReference(
        'the trigger Watch events: run died and the dashboard of your own server tell you once Hold for has passed, or set While another run is at work to Try again later, which loses nothing.',
      ),
    },
    added: [testOnly],
    sample: held,
  },
  completeKey: {
    fields: {
      reject_empty: { more: 'The hosted service takes only a result that is missing for empty.' },
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
      run_reference: runReference(
        'nobody is told of it, so use Check & claim key for work that must not be lost.',
      ),
    },
    added: [testOnly],
  },
};
