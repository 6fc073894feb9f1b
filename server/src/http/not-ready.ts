import type { StoreUnavailable } from '../claims/claim-store.ts';

const KINDS: readonly (readonly [of: RegExp, says: string])[] = [
  [/disk .*full|no space left|OOM command/i, "The store's disk or memory is full."],
  [/deleted or replaced/i, "The store's file was deleted or replaced while it is in use."],
  [/read.?only|may not|denied/i, 'The store takes no writes of this server.'],
  [/more to do/i, 'The store has more to do than it can keep up with.'],
];

/** What `/readyz` tells anybody of a store that cannot be written: its kind alone, without addresses and paths. */
export function whyNotReady({ message }: StoreUnavailable): string {
  const known = KINDS.find(([of]) => of.test(message))?.[1];
  return `${known ?? 'The store does not answer.'} Claims cannot be written now; the server's log says more.`;
}
