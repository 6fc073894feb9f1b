import { onceOnly, type Attempt, type Once, OnceOnlyError } from '../src/index.ts';
import { openWorld, type OpenStoreUnderTest, type World, type WorldOptions } from '../../test/world.ts';

/** A client of a server of its own, and the requests that it sends. */
export interface Setting {
  readonly world: World;
  readonly once: Once;
  /** Method and path of each request, in order. */
  readonly requests: string[];
  /** Stands between the client and the network from now on: it may send, answer, or lose the answer. */
  through(by: Through): void;
}

export type Through = (send: () => Promise<Response>, path: string) => Promise<Response>;

/** Opened before each test and closed after it. */
export function useSetting(open?: OpenStoreUnderTest, options?: WorldOptions): Setting {
  let world: World;
  let once: Once;
  let by: Through | undefined;
  const requests: string[] = [];

  const watched: typeof fetch = (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    requests.push(`${init?.method ?? 'GET'} ${pathname}`);
    const send = () => fetch(input, init);
    return by?.(send, pathname) ?? send();
  };

  beforeEach(async () => {
    by = undefined;
    requests.length = 0;
    world = await openWorld(open, options);
    once = onceOnly({ url: world.baseUrl, apiKey: world.apiKey, fetch: watched });
  });
  afterEach(async () => {
    await once.close();
    await world.close();
  });

  return {
    get world() {
      return world;
    },
    get once() {
      return once;
    },
    requests,
    through(next) {
      by = next;
    },
  };
}

/** The OnceOnlyError that a call ends with. */
export async function refusalOf(call: Promise<unknown>): Promise<OnceOnlyError> {
  const error: unknown = await call.then(
    () => 'It did not throw.',
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(OnceOnlyError);
  return error as OnceOnlyError;
}

/** Work that goes on until a test ends it. */
export function longWork<T>() {
  const begun = Promise.withResolvers<Attempt>();
  const end = Promise.withResolvers<T>();
  return {
    /** Resolves with what the work is told, once it is at work. */
    begun: begun.promise,
    resolve: end.resolve,
    reject: end.reject,
    work: (attempt: Attempt): Promise<T> => {
      begun.resolve(attempt);
      return end.promise;
    },
  };
}
