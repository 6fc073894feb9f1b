/** What a store keeps of a key. Instants are epoch milliseconds (`…At`), durations carry their unit. */
export type ClaimState = 'in_progress' | 'completed' | 'failed' | 'released';

/** At an expired lease: `retry` lets the next claim take over (at least once), `block` asks a person (at most once). */
export type OnExpired = 'retry' | 'block';

export interface ClaimRecord {
  readonly state: ClaimState;
  /** The lease that may finish this key; a new one with every claim, dead as soon as another is given out. */
  readonly leaseId: string;
  /** One run of one step; null where the claim named none. */
  readonly holder: string | null;
  /** The run as a whole, so that an error workflow can fail all that it holds. */
  readonly run: string | null;
  /** How often the key was claimed since there is a record of it. */
  readonly attempt: number;
  /** The attempts up to the last release: `maxAttempts` counts from there. */
  readonly attemptsReleased: number;
  /** Grows with every change: what a person's decision is checked against. */
  readonly version: number;
  /** From a counter that is never reset: a later claim's fence is higher, also after the record was forgotten. */
  readonly fence: number;
  /** Grows when a failure certainly had no effect; part of the idempotency key. */
  readonly epoch: number;
  readonly ttlSeconds: number;
  readonly retentionSeconds: number;
  readonly onExpired: OnExpired;
  readonly maxAttempts: number | null;
  readonly fingerprint: string | null;
  /** JSON text, as it was sent. */
  readonly metadata: string | null;
  readonly firstSeenAt: number;
  readonly claimedAt: number;
  readonly expiresAt: number;
  /** When it was completed, failed or released; null in progress. */
  readonly doneAt: number | null;
  /** JSON text, as it was sent. */
  readonly result: string | null;
  readonly resultHash: string | null;
  readonly errorCode: string | null;
  /** Of a failure: whether the next claim may try again. */
  readonly retryable: boolean;
  /** Of a lease that ended without an end of its work: its death was told. False again with every lease that is given. */
  readonly deathTold: boolean;
  /** The failure came from a completion whose result was empty. */
  readonly rejectedEmpty: boolean;
}
