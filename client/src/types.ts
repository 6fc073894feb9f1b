export interface HttpOptions {
  /** The address of your own server, with or without `/v1`. Default: the hosted service, `https://api.onceonly.tech`. */
  readonly url?: string | undefined;
  /** Begins with `once_live_`. */
  readonly apiKey: string;
  /** Used instead of the runtime's `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

export interface EmbeddedOptions {
  /** `sqlite:` and the path of a file, such as `'sqlite:claims.db'`, which several processes on one machine may share. Needs Node 22.13. */
  readonly store: string;
}

/** Milliseconds, or text such as `'250ms'`, `'20s'`, `'10m'`, `'2h'`, `'30d'`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

/** What the work knows about its attempt. */
export interface Attempt {
  /** The job and the key, with a colon between them. */
  readonly key: string;
  /** A UUID that is the same in every attempt, to pass on to APIs that accept one; a new one after `noEffect`. */
  readonly idempotencyKey: string;
  /** Aborts with a OnceOnlyError `lease_lost`. From then on, another attempt may be at work. */
  readonly signal: AbortSignal;
  /** 1 for the first attempt; null if the service does not count attempts, as the hosted one. */
  readonly attempt: number | null;
  /** A fencing token: higher in every attempt, and never used twice. A store that refuses lower ones refuses late writers. Null if the service has none. */
  readonly fence: number | null;
}

/** The result of a call. */
export interface Run<T> {
  readonly value: T;
  /** True if this call did not do the work: it was done before, or `verify` found it done. */
  readonly replayed: boolean;
  /** Which attempt did the work; null as in `Attempt`. */
  readonly attempt: number | null;
  readonly doneAt: Date;
}

/** What `verify` found out about earlier attempts. */
export type Verdict<T> =
  | { readonly verdict: 'done'; readonly value: T }
  | { readonly verdict: 'notDone' }
  | { readonly verdict: 'unknown' };

export interface OnceOptions<T = unknown> {
  /** How long after its last sign of life a process counts as dead, so that the next attempt takes over. The lease is renewed while the work runs. 1 s to 31 days. Default `'10m'`. */
  readonly holdFor?: Duration | undefined;
  /** How long finished work is remembered. After that, the same key counts as new. 1 s to 400 days. Default: `'7d'`. */
  readonly remember?: Duration | undefined;
  /** After an attempt that died, nobody knows whether its work was done. `'retry'` (default): the next one does it, at least once. `'ask'`: it throws `unresolved` until a person has decided, at most once. */
  readonly ifDied?: 'retry' | 'ask' | undefined;
  /** The key is given up (`exhausted`) after this many attempts, 1 to 1,000. Default: no limit. */
  readonly attempts?: number | undefined;
  /** How long to wait for another attempt that is at work before `in_progress` is thrown. In whole seconds, rounded up. 0 to 1 day. Default `'20s'`. */
  readonly wait?: Duration | undefined;
  /** Any JSON that belongs to the key, such as the order. The same key with another fingerprint throws `mismatch`. */
  readonly fingerprint?: unknown;
  /** Called before the work, unless this is known to be the first attempt: says whether an earlier attempt did the work. */
  readonly verify?: ((attempt: Attempt) => Verdict<T> | Promise<Verdict<T>>) | undefined;
}

/** `NoInfer`, which TypeScript has only since 5.4. */
type Given<T> = [T][T extends unknown ? 0 : never];

export type Work<T> = (attempt: Attempt) => T | Promise<T>;

export interface WrapOptions<A extends readonly unknown[], T> extends OnceOptions<T> {
  /** Computes the key, which tells one event from another, from the arguments. */
  readonly key: (...args: A) => string | number;
}

export interface FetchOptions extends Omit<OnceOptions, 'verify'> {
  /** Tells one event from another. A function computes it from the request. */
  readonly key: string | number | ((request: Request) => string | number | Promise<string | number>);
  /** Default: `'fetch'`. */
  readonly job?: string | undefined;
}

/**
 * Does the work unless it was done before under the same job and key, and returns its result. The result has to be JSON or
 * undefined; up to 64 KiB of it are kept. A later call gets 0 for -0. An error of the work is thrown on, and the next attempt may try again.
 * @param job What is to be done once, such as `'charge'`; it must not contain a colon.
 * @param key Tells one event from another and stays the same when the event comes again, such as an order's ID.
 * @throws {OnceOnlyError} whose `code` says why there is no result.
 */
export type OnceCall = <T>(
  job: string,
  key: string | number,
  work: Work<T>,
  options?: OnceOptions<Given<T>>,
) => Promise<Run<T>>;

export interface Once extends OnceCall {
  /**
   * Wraps a function so that its work is done once for each key. It takes the same arguments, and returns the first result.
   * @throws {OnceOnlyError} as `once` itself.
   */
  wrap<A extends readonly unknown[], T>(
    job: string,
    work: (...args: A) => T | Promise<T>,
    options: WrapOptions<A, Given<T>>,
  ): (...args: A) => Promise<T>;
  /**
   * Wraps `fetch` so that a request is sent once for each method, address and key, with the same header `Idempotency-Key` in
   * every attempt. A successful response (2xx) is kept with its body and returned again. Any other response is returned as it
   * is, and the next attempt sends the request again.
   * @throws {OnceOnlyError} as `once` itself; an error of `fetch` is thrown on.
   */
  fetch(fetch: typeof globalThis.fetch, options: FetchOptions): typeof globalThis.fetch;
  /** Closes an embedded store without waiting for running calls. May be called again. */
  close(): Promise<void>;
  // eslint-disable-next-line @typescript-eslint/ban-ts-comment -- Also in the published types, where the comment stays.
  /**
   * Not there for a TypeScript that does not know of `await using`.
   * @ts-ignore */
  [Symbol.asyncDispose](): Promise<void>;
}
