/** In the global symbol registry, so that all copies of this package share them. */
const NO_EFFECT = Symbol.for('onceonly.noEffect');
const NO_RETRY = Symbol.for('onceonly.noRetry');

/**
 * Marks an error after which the provider certainly did nothing, such as a declined card: `throw noEffect(error)`. The next
 * attempt gets a new `idempotencyKey`; with the old one, the provider would only repeat its answer.
 */
export const noEffect = (error: unknown): Error => marked(error, NO_EFFECT);

/** Marks an error after which trying again is useless: `throw noRetry(error)`. The key has then failed for good. */
export const noRetry = (error: unknown): Error => marked(error, NO_RETRY);

export const hadNoEffect = (error: unknown): boolean => isMarked(error, NO_EFFECT);
export const isNotRetried = (error: unknown): boolean => isMarked(error, NO_RETRY);

/** What was thrown, as text. Anything can be thrown, also what cannot be turned into text. */
export function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'An error that cannot be shown';
  }
}

/** Marks the error itself, or, if it is not an Error or is frozen, a new one with the given value as its cause. */
function marked(error: unknown, mark: symbol): Error {
  const marked =
    error instanceof Error && Object.isExtensible(error) ? error : new Error(textOf(error), { cause: error });
  Object.defineProperty(marked, mark, { value: true, configurable: true });
  return marked;
}

function isMarked(error: unknown, mark: symbol): boolean {
  try {
    return typeof error === 'object' && error !== null && mark in error;
  } catch {
    // A Proxy can throw at every look.
    return false;
  }
}
