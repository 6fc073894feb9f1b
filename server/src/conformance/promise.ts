import type { Asking } from './asking.ts';

/** One sentence of the contract, and how a server is asked whether it keeps it. */
export interface Promised {
  readonly call: string;
  readonly says: string;
  /** Of an addition: its name among the capabilities of `GET /v1/me`. */
  readonly capability?: string;
  /** Only an operator's key may ask for it. */
  readonly operator?: boolean;
  /** Throws a `Deviation` where it is not kept. */
  check(server: Asking): Promise<void>;
}
