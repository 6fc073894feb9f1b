import pLimit from 'p-limit';
import type { Platform } from '../platforms/platform.ts';
import type { Delivery } from './deliveries.ts';
import { emptyTally, runWithClaim, runWithoutClaim, type Tally } from './runs.ts';
import { openSink } from './sink.ts';
import type { Played } from './table.ts';

/** As many runs at a time as a busy account has. */
const AT_A_TIME = 40;

type Run = (delivery: Delivery, sinkUrl: string, tally: Tally) => Promise<void>;

export const playWithClaim = (
  deliveries: readonly Delivery[],
  platform: Platform,
  progress: (done: number) => void,
): Promise<Played> => play(deliveries, (...run) => runWithClaim(platform, ...run), progress);

export const playWithoutClaim = (deliveries: readonly Delivery[]): Promise<Played> =>
  play(deliveries, runWithoutClaim, () => undefined);

async function play(
  deliveries: readonly Delivery[],
  run: Run,
  progress: (done: number) => void,
): Promise<Played> {
  const started = performance.now();
  const sink = await openSink();
  const tally = emptyTally();
  const limit = pLimit(AT_A_TIME);
  let done = 0;
  try {
    const one = async (delivery: Delivery): Promise<void> => {
      await run(delivery, sink.url, tally);
      progress((done += 1));
    };
    await Promise.all(deliveries.map((delivery) => limit(one, delivery)));
  } finally {
    await sink.close();
  }
  return { tally, records: sink.records, seconds: (performance.now() - started) / 1_000 };
}
