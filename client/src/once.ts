import { fetchWith } from './fetch.ts';
import { invalid, readAsked } from './options.ts';
import { runOnce } from './run.ts';
import { createService, type Service } from './service.ts';
import { realTime, type Time } from './time.ts';
import type { Once, OnceCall } from './types.ts';
import { wrapWith } from './wrap.ts';
import type { Transport } from '@onceonly/shared/transport.ts';

/** The service or the store that keeps the claims, and how it is reached. */
export interface Backend {
  readonly transport: Transport;
  close(): Promise<void>;
}

/** @param open Called once, before the first claim. */
export function createOnce(open: () => Promise<Backend>): Once {
  const { once, close } = createCall(open, realTime);
  return withMethods(once, close);
}

export function createCall(
  open: () => Promise<Backend>,
  time: Time,
): { readonly once: OnceCall; readonly close: () => Promise<void> } {
  let opening: Promise<Opened> | undefined;
  const opened = (): Promise<Opened> =>
    (opening ??= open().then(
      (backend) => ({
        backend,
        service: createService(backend.transport, time, () => crypto.randomUUID()),
      }),
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
      await (await closing)?.backend.close();
    },
  };
}

interface Opened {
  readonly backend: Backend;
  readonly service: Service;
}

/** Adds the other methods to a call. */
export function withMethods(once: OnceCall, close: () => Promise<void>): Once {
  const call: OnceCall = (job, key, work, options) => once(job, key, work, options);
  return Object.assign(call, {
    ...{ wrap: wrapWith(once), fetch: fetchWith(once), close },
    [Symbol.asyncDispose]: close,
  });
}
