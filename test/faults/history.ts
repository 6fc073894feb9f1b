/** What clients saw of one key's life: every call with its interval, on the wall clock of one machine. */
export interface Operation {
  readonly key: string;
  readonly call: Call;
  /** Null where no answer came, or one that says that nothing is known: it may have happened, or happen yet. */
  readonly answer: Answer | null;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Claims are sent without a holder: every one is a run of its own. */
export type Call =
  | { readonly do: 'claim' | 'read' }
  | { readonly do: 'complete' | 'fail' | 'cancel' | 'extend'; readonly lease: string };

export type Answer =
  | {
      readonly said: 'acquired';
      readonly lease: string;
      readonly fence: number;
      readonly attempt: number;
      /** By the store's clock, which is the machine's. */
      readonly endsAt: number;
    }
  /** To an extension. */
  | { readonly said: 'extended'; readonly endsAt: number }
  /** To any other call by lease. */
  | { readonly said: 'done' }
  | { readonly said: 'lease_lost' | 'already_finished' | 'not_found' }
  /** To a claim that did not acquire, or a read. */
  | { readonly said: 'in_progress' | 'completed' | 'failed'; readonly fence: number };

/** For so long a claim holds, if nothing is heard of its run. */
export const LEASE_MS = 1_000;
