import type { Json, OperationId } from '@onceonly/shared';

/** What became of a step, alike on every platform. */
export type Outcome =
  /** The run goes on with the step's outputs. */
  | { readonly kind: 'continued'; readonly outputs: Readonly<Record<string, Json>> }
  /** The run ends here, quietly. */
  | { readonly kind: 'stopped'; readonly message: string }
  /** The platform tries the step again later. */
  | { readonly kind: 'later'; readonly message: string }
  /** The run ends here, and the user hears of it. */
  | { readonly kind: 'told'; readonly message: string };

export interface Platform {
  readonly name: string;
  /** Runs one step in a run of its own. */
  run(operation: OperationId, inputs: Readonly<Record<string, unknown>>): Promise<Outcome>;
  close(): Promise<void>;
}

/** How a platform reaches the service. */
export interface Connection {
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** The outputs of a step after which the run goes on; throws where it does not. */
export function continued(outcome: Outcome): Record<string, unknown> {
  if (outcome.kind !== 'continued') throw new Error(`The run ended: ${outcome.kind}, ${outcome.message}`);
  return outcome.outputs;
}
