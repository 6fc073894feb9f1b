/**
 * Where Make's documents leave something open, or another source says otherwise, both readings are played: what the app
 * does must not depend on it. `==` is strict by the documents, and said to be loose; `split` is said to drop empty parts
 * and blanks; the text of a collection is not documented; an empty page is said to end paging.
 */
export interface Reading {
  readonly looseEquality: boolean;
  readonly splitDropsEmpty: boolean;
  readonly collectionAsText: 'json' | 'word';
  readonly emptyPageEnds: boolean;
}

export const READINGS = {
  documented: {
    looseEquality: false,
    splitDropsEmpty: false,
    collectionAsText: 'json',
    emptyPageEnds: true,
  },
  told: { looseEquality: true, splitDropsEmpty: true, collectionAsText: 'word', emptyPageEnds: false },
} as const satisfies Record<string, Reading>;

let current: Reading = READINGS.documented;

/** The reading that counts now. */
export const reading = (): Reading => current;

/** Makes another reading count from now on. */
export function readAs(one: Reading): void {
  current = one;
}
