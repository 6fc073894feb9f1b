import { OnceOnlyError } from './once-only-error.ts';
import { createHttp } from './http.ts';
import { createOnce, type Backend } from './once.ts';
import { checkNames, invalid } from './options.ts';
import type { EmbeddedOptions, HttpOptions, Once } from './types.ts';

export { isOnceOnlyError, OnceOnlyError, type OnceOnlyErrorCode } from './once-only-error.ts';
export { noEffect, noRetry } from './marks.ts';
export type {
  Attempt,
  Duration,
  EmbeddedOptions,
  FetchOptions,
  HttpOptions,
  Once,
  OnceCall,
  OnceOptions,
  Run,
  Verdict,
  Work,
  WrapOptions,
} from './types.ts';
export { done, notDone, unknown } from './verdict.ts';

/**
 * Keeps claims on a OnceOnly server, `onceOnly({ url, apiKey })`, or in a file, `onceOnly({ store: 'sqlite:claims.db' })`.
 * @throws {OnceOnlyError} `invalid` if an option cannot be used.
 */
export function onceOnly(options: HttpOptions | EmbeddedOptions): Once {
  checkNames(options, ['store', 'url', 'apiKey', 'fetch']);
  if ('store' in options) return createOnce(storeOf(options));
  const transport = createHttp(options);
  return createOnce(() => Promise.resolve({ transport, close: () => Promise.resolve() }));
}

function storeOf(options: EmbeddedOptions): () => Promise<Backend> {
  const { store } = options;
  if (Object.keys(options).length > 1)
    throw invalid('store', 'keeps claims in this process: give it, or `url` and `apiKey`, and not both.');
  const [, path] = /^sqlite:(.+)$/s.exec(store) ?? [];
  if (path === undefined)
    throw invalid(
      'store',
      "has to be sqlite: and the path of a file, such as 'sqlite:claims.db'. Postgres and Redis are reached through a OnceOnly server, by `url`.",
    );
  return async () => {
    // Loaded only here, since it needs Node.
    const { openEmbedded } = await import('./embedded/open.ts').catch((error: unknown) => {
      throw unavailable(`The store could not be loaded. ${OUTSIDE}`, error);
    });
    return openEmbedded(path).catch((error: unknown) => {
      // The messages are the server's, and name its setting.
      const why = (error instanceof Error ? error.message : String(error)).replace(
        'ONCEONLY_STORE',
        '`store`',
      );
      throw unavailable(why.includes('sqlite-worker') ? `${why}. ${OUTSIDE}` : why, error);
    });
  };
}

const OUTSIDE = 'If the program is bundled, leave `onceonly` outside the bundle.';

const unavailable = (why: string, cause: unknown): OnceOnlyError =>
  new OnceOnlyError('store_unavailable', why, {}, { cause });
