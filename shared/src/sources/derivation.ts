/**
 * The versions by which keys are derived here, the newest last. None is ever changed or taken away: a changed derivation is
 * a further version, or events that are done would be done again.
 */
export const DERIVATIONS: readonly number[] = [1];

/** By which this app derives keys. */
export const DERIVATION = 1;
