/** In the registry of symbols, so that every copy of this package knows them. */
const NO_EFFECT = Symbol.for('onceonly.noEffect');
const NO_RETRY = Symbol.for('onceonly.noRetry');

/**
 * Says of an error that the provider certainly did nothing, such as a declined card: `throw noEffect(error)`. The next
 * attempt gets another `idempotencyKey`; with the same one, a provider would only repeat its old answer.
 */
export const noEffect = (error: unknown): Error => marked(error, NO_EFFECT);

/** Says of an error that trying again is of no use: `throw noRetry(error)`. The key has then failed for good. */
export const noRetry = (error: unknown): Error => marked(error, NO_RETRY);

export const hadNoEffect = (error: unknown): boolean => isMarked(error, NO_EFFECT);
export const isNotRetried = (error: unknown): boolean => isMarked(error, NO_RETRY);

/** The error itself; around what is no error, or cannot be marked, one that has it as its cause. */
function marked(error: unknown, mark: symbol): Error {
  const marked =
    error instanceof Error && Object.isExtensible(error) ? error : new Error(String(error), { cause: error });
  Object.defineProperty(marked, mark, { value: true, configurable: true });
  return marked;
}

const isMarked = (error: unknown, mark: symbol): boolean =>
  typeof error === 'object' && error !== null && mark in error;
