import { fetchWith } from './fetch.ts';
import { invalid, readAsked } from './options.ts';
import { runOnce } from './run.ts';
import { createService, type Service } from './service.ts';
import { realTime, type Time } from './time.ts';
import type { Once, OnceCall } from './types.ts';
import { wrapWith } from './wrap.ts';
import type { Transport } from '@onceonly/shared/transport.ts';

/** Where claims are kept, and how they are reached. */
export interface Place {
  readonly transport: Transport;
  close(): Promise<void>;
}

/** @param open Called by the first call. */
export function createOnce(open: () => Promise<Place>): Once {
  const { once, close } = createCall(open, realTime);
  return withMethods(once, close);
}

export function createCall(
  open: () => Promise<Place>,
  time: Time,
): { readonly once: OnceCall; readonly close: () => Promise<void> } {
  let opening: Promise<Opened> | undefined;
  const opened = (): Promise<Opened> =>
    (opening ??= open().then(
      (place) => ({ place, service: createService(place.transport, time, () => crypto.randomUUID()) }),
      (error: unknown) => {
        // The next call tries again.
        opening = undefined;
        throw error;
      },
    ));

  return {
    async once(job, key, work, options = {}) {
      const asked = readAsked(job, key, options);
      if (typeof work !== 'function') throw invalid('work', 'has to be a function.');
      const { service } = await opened();
      return runOnce(service, time, asked, work, options.verify);
    },
    async close() {
      const closing = opening;
      opening = undefined;
      await (await closing)?.place.close();
    },
  };
}

interface Opened {
  readonly place: Place;
  readonly service: Service;
}

/** A call, and all that is made of it. */
export function withMethods(once: OnceCall, close: () => Promise<void>): Once {
  const call: OnceCall = (job, key, work, options) => once(job, key, work, options);
  return Object.assign(call, {
    ...{ wrap: wrapWith(once), fetch: fetchWith(once), close },
    [Symbol.asyncDispose]: close,
  });
}
