import type { Origin } from '../origin.ts';
import type { Capabilities } from './capabilities.ts';
import type { Send, Timing } from './send.ts';

/** The run that makes a call, as far as the platform knows it. */
export interface RunContext {
  /** Names one run of one step for one item. It must be the same when the platform repeats a request. Default: random for each call. */
  readonly holder?: string;
  /** Names the run as a whole. */
  readonly run?: string;
  /** Whether a claim waits while another run is at work. `key` includes the job. Default: it waits. */
  readonly waits?: (key: string) => boolean;
  /** How long it waits, in milliseconds. Default: up to 20 seconds, if the deadline allows it. */
  readonly waitMs?: number;
}

/** The state of one call of the client. */
export interface Call {
  readonly send: Send;
  readonly timing: Timing;
  readonly capabilities: Capabilities;
  readonly context: RunContext;
  readonly origin?: Origin | undefined;
  readonly deadlineAt: number;
  readonly newId: () => string;
}
