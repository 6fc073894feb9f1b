import { createHttp, type HttpOptions } from './http.ts';
import { createOnce } from './once.ts';
import type { Once } from './types.ts';

export { isOnceOnlyError, OnceOnlyError, type OnceOnlyErrorCode } from './errors.ts';
export { noEffect, noRetry } from './marks.ts';
export type { Attempt, Duration, Once, OnceOptions, Run, Verdict, Work } from './types.ts';
export { done, notDone, unknown } from './verdict.ts';
export type { HttpOptions };

/**
 * Claims that are kept by a OnceOnly server: `onceOnly({ url, apiKey })`.
 * @throws {OnceOnlyError} `invalid`, where an option cannot be used.
 */
export function onceOnly(options: HttpOptions): Once {
  const transport = createHttp(options);
  return createOnce(() => Promise.resolve({ transport, close: () => Promise.resolve() }));
}
