export interface HttpOptions {
  /** Of your own server, with or without `/v1`. Default: the hosted service, `https://api.onceonly.tech`. */
  readonly url?: string | undefined;
  /** Begins with `once_live_`. */
  readonly apiKey: string;
  /** Another `fetch` than the runtime's. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

export interface EmbeddedOptions {
  /** `sqlite:` and the path of a file, such as `'sqlite:claims.db'`, which several processes on one machine may share. Needs Node 22.13. */
  readonly store: string;
}

/** Milliseconds, or text such as `'250ms'`, `'20s'`, `'10m'`, `'2h'`, `'30d'`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

/** What the work is told of the attempt that it is. */
export interface Attempt {
  /** The job and the key, with a colon between them. */
  readonly key: string;
  /** A UUID that is the same at every attempt, to hand on to APIs that take one; another one after `noEffect`. */
  readonly idempotencyKey: string;
  /** Aborts with a OnceOnlyError `lease_lost`: from then on another attempt may be at work. */
  readonly signal: AbortSignal;
  /** 1 for the first; null where the service does not count them, as the hosted one. */
  readonly attempt: number | null;
  /** Higher at every attempt, and never given out twice: a store that refuses lower ones refuses writers that come late. Null where the service has none. */
  readonly fence: number | null;
}

/** What the work came to. */
export interface Run<T> {
  readonly value: T;
  /** Whether the work was not done by this call: it was done before, or `verify` found it done. */
  readonly replayed: boolean;
  /** As in `Attempt`: which attempt it was that did the work. */
  readonly attempt: number | null;
  readonly doneAt: Date;
}

/** What `verify` found out of the attempts before. */
export type Verdict<T> =
  | { readonly verdict: 'done'; readonly value: T }
  | { readonly verdict: 'notDone' }
  | { readonly verdict: 'unknown' };

export interface OnceOptions<T = unknown> {
  /** How long after its last sign of life a process counts as dead, and the next attempt takes over; the lease is extended while the work runs. 1 s to 31 days. Default `'10m'`. */
  readonly holdFor?: Duration | undefined;
  /** How long what is done is remembered; after that, the same key is new. 1 s to 400 days. Default: `'7d'`. */
  readonly remember?: Duration | undefined;
  /** After an attempt that died, nobody knows whether its work was done. `'retry'` (default): the next one does it, at least once. `'ask'`: it throws `unresolved` until a person has decided, at most once. */
  readonly ifDied?: 'retry' | 'ask' | undefined;
  /** After so many attempts, 1 to 1,000, the key is given up: `exhausted`. Default: no limit. */
  readonly attempts?: number | undefined;
  /** How long to wait for another attempt that is at work, before `in_progress` is thrown. 0 to 1 day. Default `'20s'`. */
  readonly wait?: Duration | undefined;
  /** Any JSON that belongs to the key, such as the order. The same key with another one throws `mismatch`. */
  readonly fingerprint?: unknown;
  /** Asked before the work, unless this is known to be the first attempt: did an earlier one do it? */
  readonly verify?: ((attempt: Attempt) => Verdict<T> | Promise<Verdict<T>>) | undefined;
}

export type Work<T> = (attempt: Attempt) => T | Promise<T>;

export interface WrapOptions<A extends readonly unknown[], T> extends OnceOptions<T> {
  /** From the arguments: what tells one event from another. */
  readonly key: (...args: A) => string | number;
}

export interface FetchOptions extends Omit<OnceOptions, 'verify'> {
  /** What tells one event from another; from the request, if it is a function. */
  readonly key: string | number | ((request: Request) => string | number | Promise<string | number>);
  /** Default: `'fetch'`. */
  readonly job?: string | undefined;
}

/**
 * Does the work unless it was done before under the same job and key, and gives what came of it. The result has to be JSON,
 * or undefined; it is kept up to 64 KiB. What the work throws is thrown on, and the next attempt may try again.
 * @param job What is to be done once, such as `'charge'`: without a colon.
 * @param key What tells one event from another and stays the same when it comes again: an order's ID.
 * @throws {OnceOnlyError} whose `code` says why there is no result.
 */
export type OnceCall = <T>(
  job: string,
  key: string | number,
  work: Work<T>,
  options?: OnceOptions<NoInfer<T>>,
) => Promise<Run<T>>;

export interface Once extends OnceCall {
  /**
   * The same function, whose work is done once for each key: it takes the same arguments, and gives what it gave first.
   * @throws {OnceOnlyError} as `once` itself.
   */
  wrap<A extends readonly unknown[], T>(
    job: string,
    work: (...args: A) => T | Promise<T>,
    options: WrapOptions<A, NoInfer<T>>,
  ): (...args: A) => Promise<T>;
  /**
   * A `fetch` that sends a request once for each method, address and key, with the header `Idempotency-Key`: the same one at
   * every attempt. What succeeded (2xx) is kept, with its text, and answered again; any other answer is handed on, and
   * the next attempt sends again.
   * @throws {OnceOnlyError} as `once` itself; what `fetch` throws is thrown on.
   */
  fetch(fetch: typeof globalThis.fetch, options: FetchOptions): typeof globalThis.fetch;
  /** Lets go of the store, where one is embedded; waits for nothing. May be called again. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
