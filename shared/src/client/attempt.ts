import { isOnceOnlyError, type OnceOnlyError } from '../errors.ts';

export interface Refused {
  readonly error: OnceOnlyError;
}

/** What the work gives, or the OnceOnlyError that it throws; any other error is thrown on. */
export async function attempt<T>(work: () => Promise<T> | T): Promise<T | Refused> {
  try {
    return await work();
  } catch (error) {
    if (isOnceOnlyError(error)) return { error };
    throw error;
  }
}

export const isRefused = (one: unknown): one is Refused =>
  typeof one === 'object' && one !== null && 'error' in one && isOnceOnlyError(one.error);
