/** What was tried to be faster, what it measured, and whether it stayed. By hand: no run measures it again. */
export const TRIED: readonly (readonly [what: string, measured: string, stayed: string])[] = [
  [
    'all stores: how long the machine was awake is read from its file ten times a second, and not for each batch',
    '4 % of the HTTP thread’s time was spent in it',
    'kept',
  ],
  [
    'Redis: what is remembered of records is in an LRU cache, where the first of a Map had to be looked for behind all that was deleted',
    '9 % of the HTTP thread’s time was spent in it',
    'kept',
  ],
];
