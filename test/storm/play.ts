import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Platform } from '../platforms/platform.ts';
import type { Delivery } from './deliveries.ts';
import { emptyTally, type Run } from './runs.ts';
import { openSink } from './sink.ts';
import type { Played } from './table.ts';

/** As many runs at a time as a busy account has. */
const AT_A_TIME = 40;
const TRY_AGAIN_MS = 1_000;

/** Every delivery reaches an automation on each platform, all of the same job. */
export async function play(
  deliveries: readonly Delivery[],
  platforms: readonly Platform[],
  run: Run,
  progress: (share: number) => void = () => undefined,
): Promise<Played> {
  const started = performance.now();
  const sink = await openSink();
  const tally = emptyTally();
  const limit = pLimit(AT_A_TIME);
  let done = 0;
  try {
    const runs = deliveries.flatMap((delivery) => platforms.map((platform) => ({ delivery, platform })));
    const one = async ({ delivery, platform }: (typeof runs)[number]): Promise<void> => {
      tally.runs += 1;
      // A run that is tried again keeps nobody from running meanwhile.
      while ((await limit(run, platform, delivery, sink.url, tally)) === 'later') await sleep(TRY_AGAIN_MS);
      progress((done += 1) / runs.length);
    };
    await Promise.all(runs.map(one));
  } finally {
    await sink.close();
  }
  return { tally, records: sink.records, seconds: (performance.now() - started) / 1_000 };
}
