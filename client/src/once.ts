import { invalid, readAsked } from './options.ts';
import { runOnce } from './run.ts';
import { createService, type Service } from './service.ts';
import { realTime, type Time } from './time.ts';
import type { Once, OnceOptions, Run, Work } from './types.ts';
import type { Transport } from '@onceonly/shared/transport.ts';

/** Where claims are kept, and how they are reached. */
export interface Place {
  readonly transport: Transport;
  close(): Promise<void>;
}

/** @param place Opened by the first call. */
export function createOnce(open: () => Promise<Place>, time: Time = realTime): Once {
  let opening: Promise<{ readonly place: Place; readonly service: Service }> | undefined;
  const opened = () =>
    (opening ??= open().then(
      (place) => ({ place, service: createService(place.transport, time, () => crypto.randomUUID()) }),
      (error: unknown) => {
        // The next call tries again.
        opening = undefined;
        throw error;
      },
    ));

  async function once<T>(
    job: string,
    key: string | number,
    work: Work<T>,
    options: OnceOptions<T> = {},
  ): Promise<Run<T>> {
    const asked = readAsked(job, key, options);
    if (typeof work !== 'function') throw invalid('work', 'has to be a function.');
    const { service } = await opened();
    return runOnce(service, time, asked, work, options.verify);
  }

  async function close(): Promise<void> {
    const closing = opening;
    opening = undefined;
    await (await closing)?.place.close();
  }

  return Object.assign(once, { close, [Symbol.asyncDispose]: close });
}
