import axios from 'axios';
import type { Platform } from '../platforms/platform.ts';
import type { Delivery } from './deliveries.ts';

export interface Tally {
  runs: number;
  /** By platform. */
  readonly wentOn: Record<string, number>;
  stopped: number;
  takenOver: number;
  /** The events whose first run died. */
  readonly crashed: Set<string>;
  /** What should not happen, in the step's own words. */
  readonly told: string[];
}

export const emptyTally = (): Tally => ({
  runs: 0,
  wentOn: {},
  stopped: 0,
  takenOver: 0,
  crashed: new Set(),
  told: [],
});

/** How long a claim of the storm is held: short, so that a crash is taken over while somebody watches. */
const HOLD_MINUTES = 0.1;

/** One run, of a Zap or of a scenario that does the same job; `later` where the platform is to try it again. */
export type Run = (
  platform: Platform,
  delivery: Delivery,
  sinkUrl: string,
  tally: Tally,
) => Promise<'ended' | 'later'>;

/** With the two steps: claim → write a record → complete. */
export const runWithClaim: Run = async (platform, delivery, sinkUrl, tally) => {
  const claimed = await platform.run('claimKey', {
    job: 'write-record',
    key: delivery.id,
    hold_minutes: HOLD_MINUTES,
    while_in_progress: 'retry_later',
  });
  if (claimed.kind === 'later') return 'later';
  if (claimed.kind === 'stopped') {
    tally.stopped += 1;
    return 'ended';
  }
  if (claimed.kind === 'told') {
    tally.told.push(claimed.message);
    return 'ended';
  }
  if (dies(delivery, tally)) return 'ended';
  wentOn(platform, tally);
  if (Number(claimed.outputs['attempt']) > 1) tally.takenOver += 1;
  const result = await write(delivery, sinkUrl);
  const completed = await platform.run('completeKey', {
    claim_token: claimed.outputs['claim_token'],
    result,
  });
  if (completed.kind !== 'continued') tally.told.push(completed.message);
  return 'ended';
};

/** The same without the steps. */
export const runWithoutClaim: Run = async (platform, delivery, sinkUrl, tally) => {
  if (dies(delivery, tally)) return 'ended';
  wentOn(platform, tally);
  await write(delivery, sinkUrl);
  return 'ended';
};

function wentOn({ name }: Platform, tally: Tally): void {
  tally.wentOn[name] = (tally.wentOn[name] ?? 0) + 1;
}

function dies({ id, firstRunDies }: Delivery, { crashed }: Tally): boolean {
  const now = firstRunDies && !crashed.has(id);
  if (now) crashed.add(id);
  return now;
}

async function write(delivery: Delivery, sinkUrl: string): Promise<unknown> {
  const headers = { 'x-github-delivery': delivery.id, 'x-github-event': delivery.event };
  return (await axios.post<unknown>(sinkUrl, delivery.payload, { headers, proxy: false })).data;
}
