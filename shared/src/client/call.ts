import type { Origin } from '../origin.ts';
import type { Capabilities } from './capabilities.ts';
import type { Send, Timing } from './send.ts';

/** The run that calls, where the platform knows it. */
export interface RunContext {
  /** One run of one step and item: new for each, the same when the platform sends again. Default: a random one a call. */
  readonly holder?: string;
  /** The run as a whole. */
  readonly run?: string;
  /** Whether the claim of a key, job and all, waits while another run is at work. Default: it does. */
  readonly waits?: (key: string) => boolean;
  /** How long it waits for that run, milliseconds. Default: up to 20 seconds, as the deadline allows. */
  readonly waitMs?: number;
}

/** What one call of the client works with. */
export interface Call {
  readonly send: Send;
  readonly timing: Timing;
  readonly capabilities: Capabilities;
  readonly context: RunContext;
  readonly origin?: Origin | undefined;
  readonly deadlineAt: number;
  readonly newId: () => string;
}
