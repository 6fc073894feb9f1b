type Keyed<Do extends string, Fields> = { readonly do: Do; readonly key: string } & Readonly<Fields>;
type Leased<Do extends string, Fields> = Keyed<Do, { back: number } & Fields>;
type Nullable<T> = T | null;

/** What may be done to a store. `back`: with the key's latest lease, or so many before it. */
export type Act =
  | { readonly do: 'step'; readonly ms: number }
  | Keyed<
      'claim',
      {
        holder: Nullable<string>;
        run: Nullable<string>;
        ttlSeconds: number;
        retentionSeconds: Nullable<number>;
        onExpired: Nullable<'retry' | 'block'>;
        maxAttempts: Nullable<number>;
        fingerprint: Nullable<string>;
        /** A group, and a sequence in it. */
        place: readonly [group: Nullable<string>, sequence: Nullable<string>];
        metadata: Nullable<string>;
        origin: Nullable<string>;
      }
    >
  | Leased<'complete', { result: string; rejectEmpty: boolean }>
  | Leased<'fail', { errorCode: string; retryable: boolean; noEffect: boolean }>
  | Leased<'extend', { ttlSeconds: Nullable<number> }>
  | Leased<'cancel', object>
  | { readonly do: 'failRun'; readonly run: string }
  | Keyed<
      'resolve',
      { stale: number; to: 'completed' | 'failed' | 'released'; retryable: boolean; reason: Nullable<string> }
    >
  | Keyed<'read', object>
  | { readonly do: 'clearMark'; readonly group: string }
  | { readonly do: 'sweep' }
  | Keyed<'lock', { holder: Nullable<string>; ttlSeconds: number }>;

export type ActOf<Do extends Act['do']> = Extract<Act, { do: Do }>;
export type FinishAct = Extract<Act, { back: number }>;
