import { LIMITS, type Choice, type Field, type OperationId } from '@onceonly/shared';
import type { Capability } from '@onceonly/shared/operations/operation.ts';
import { answer, input, is, match, type Rule } from '@onceonly/shared/rules.ts';

/** What Make adds to a field of an operation. */
export interface FieldOverlay {
  /** Shown among the first fields, although other platforms hide it. */
  readonly shown?: true;
  /** In the place of the operation's own help. */
  readonly help?: string;
  /** After the operation's own help. */
  readonly more?: string;
  readonly choices?: readonly Choice[];
  /** Refused where the service lacks this, since no code of ours can make up for it here. */
  readonly needs?: Capability;
}

export interface Overlay {
  readonly fields: Readonly<Record<string, FieldOverlay>>;
  readonly added?: readonly Field[];
  /** The answer that a test run shows, for nothing is sent then. */
  readonly test?: Readonly<Record<string, string | number>>;
  /** In the place of the operation's own rule. */
  readonly status?: Rule;
  /** Where the service lacks something, what is sent instead. */
  readonly fallback?: {
    readonly lacking: Capability;
    readonly when: Rule;
    readonly path: string;
    readonly send: Readonly<Record<string, Rule>>;
  };
}

const onDuplicate: FieldOverlay = {
  choices: [{ value: 'raise', label: 'Raise an error (DuplicateDataError)' }],
  more: 'Stop here finds nothing, as a search does, and so the route ends without an error; leave the setting "Continue the execution of the route even if the module finds no results" off. Raise an error only with an error handler on this module: an error that nothing handles switches off a scenario that starts with a webhook.',
};

const runReference: FieldOverlay = {
  shown: true,
  help: 'Recommended. Makes this module safe to repeat: should its answer get lost, the repeated claim finds its own key again. It must be new for every bundle. The safe way: put Tools > Set variable with the value {{uuid}} before this module, and map that variable. The system variable Execution ID does as well, but only where a run never carries two bundles, since two bundles of one run with the same key would both proceed; otherwise add the Bundle order position of the module before. Never the key, nor anything taken from the event. Left empty, every request counts as a run of its own: nothing waits, and a repeated claim takes itself for another run and stops.',
};

/** No code of ours runs here, so the server derives the key. */
const derived: Readonly<Record<string, FieldOverlay>> = {
  key_from: {
    needs: 'derive',
    more: 'All but a value needs your own OnceOnly server, which makes the key; with the hosted service the module says so and claims nothing.',
  },
  key: {
    more: 'Of several fields? Put a filter before this module that lets only bundles pass in which each of them exists: Make puts nothing in the place of a missing one, and all such events would share one key.',
  },
  headers: {
    more: 'In Make: Headers of the Custom webhook, in whose advanced settings Get request headers is on.',
  },
  payload: {
    more: 'In Make: Value of the Custom webhook, in whose advanced settings JSON pass-through is on; that is the body as it came.',
  },
};

const testOnly: Field = {
  id: 'test_only',
  label: 'Test Only',
  type: 'boolean',
  advanced: true,
  default: false,
  help: 'For trying the scenario out: Yes claims nothing and lets every run go on as if it were the first. Without it, a second "Run once" with the same key stops, since the first one has claimed it. Set it back to No before you switch the scenario on.',
};

/** What differs on Make, where no code of ours runs. Everything else follows from the operations. */
export const overlays: Readonly<Record<OperationId, Overlay>> = {
  claimKey: {
    fields: {
      ...derived,
      on_duplicate: onDuplicate,
      while_in_progress: {
        more: 'It waits only if Run Reference is filled in. Try again later raises a RateLimitError, which Make repeats only if the scenario setting "Store incomplete executions" is on; without it, the error switches off a scenario that starts with a webhook.',
      },
      run_reference: runReference,
    },
    added: [testOnly],
    test: { status: 'previewed', lease_id: 'run', attempt: 1 },
  },
  completeKey: { fields: { reject_empty: { needs: 'reject_empty' } }, test: { status: 'completed' } },
  failKey: {
    fields: {},
    test: { status: 'failed' },
    // A service that knows no failure to be tried again is told that the key is given up.
    fallback: {
      lacking: 'retryable',
      when: { all: [is(input('retryable'), true), { not: is(input('claim_token'), null) }] },
      path: '/v1/ai/cancel',
      send: { reason: { cut: [input('reason'), LIMITS.noteCodePoints] } },
    },
    status: match(
      answer('status'),
      { cancelled: 'failed', canceled: 'failed', released: 'failed' },
      answer('status'),
    ),
  },
  extendClaim: { fields: {}, test: { status: 'extended' } },
  releaseKey: { fields: {}, test: { status: 'released' } },
  getKey: { fields: {} },
  lockKey: {
    fields: { ...derived, on_duplicate: onDuplicate, run_reference: runReference },
    added: [testOnly],
    test: { status: 'locked' },
  },
};
