/** Watches a store at work. Nothing waits for it, and its functions never throw. */
export interface StoreWatch {
  /** So many requests shared a transaction, or a script. */
  readonly grouped: (requests: number) => void;
  /** Called once, when the store is open: `depth` says how many calls wait, or are at work, at any time. */
  readonly opened: (depth: () => number) => void;
}
