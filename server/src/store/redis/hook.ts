import type { Hook, NewHook } from '../../hooks/hook-store.ts';

/** A hook as it is kept in `base:hooks`: JSON, which never changes. Once it is disabled, `base:disabled` says since when. */
export type KeptHook = Omit<Hook, 'disabledAt' | 'disabledReason'> &
  Omit<NewHook, 'tenant'> & { readonly number: number };

export type Disabled = Pick<Hook, 'disabledAt' | 'disabledReason'>;

/**
 * A delivery is JSON in `all`, found by its event in `log`. One that waits is in `wait`, by key and event; the first of
 * each key in `due`, by the time of its next attempt. One that is over is in `over`.
 */
export const queuesOf = (base: string, id: string): readonly string[] =>
  ['all', 'log', 'wait', 'due', 'over'].map((queue) => `${base}:h:${id}:${queue}`);
