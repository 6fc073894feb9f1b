/** One thing about a store's settings that decides what a crash can lose, or whether it can be used at all. */
export interface Finding {
  /** A sentence. */
  readonly what: string;
  readonly ok: boolean;
  /** What to do about it; null where all is well. */
  readonly remedy: string | null;
}
