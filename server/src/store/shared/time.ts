import type { Elapsed } from '../../clock.ts';
import type { Finding } from '../store.ts';
import type { Usage } from '../../claims/claim-store.ts';

/**
 * The latest known time of a store, which runs on a little slower than real time. So it stays behind the store's own clock,
 * unless that one is set back.
 */
export interface RunningTime {
  /** Epoch milliseconds; 0 before the first `advanceTo`. */
  readonly now: () => number;
  /** Sets the time, unless it would go back. */
  readonly advanceTo: (time: number) => void;
}

const SPEED = 0.999;

export function runOn(elapsed: Elapsed): RunningTime {
  let latest = 0;
  let since = 0;
  const now = (): number => (latest === 0 ? 0 : latest + Math.floor((elapsed() - since) * SPEED));
  return {
    now,
    advanceTo(time) {
      if (time < now()) return;
      latest = time;
      since = elapsed();
    },
  };
}

/** A larger difference between clocks is reported. */
export const CLOCKS_DIFFER_MS = 60_000;

/** A rough duration in words: `8 days`, `3 hours`, `90 seconds`. */
export function inWords(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 120) return `${seconds} seconds`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} minutes`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} hours` : `${Math.round(seconds / 86_400)} days`;
}

/** Reports that a store's time (`now`) differs from the clock that it should follow. */
export function differing(
  now: number,
  clock: number,
  words: { readonly of: string; readonly whenAhead: string; readonly whenBehind: string },
): readonly Finding[] {
  const ahead = now - clock;
  if (Math.abs(ahead) <= CLOCKS_DIFFER_MS) return [];
  const how = `${inWords(Math.abs(ahead))} ${ahead > 0 ? 'ahead of' : 'behind'}`;
  return [
    {
      what: `The store's time is ${how} ${words.of}. Leases and keys end after as long as they should; the times that are shown differ by as much.`,
      ok: false,
      remedy: ahead > 0 ? words.whenAhead : words.whenBehind,
    },
  ];
}

/** How long a step of a clock is reported after it was noticed. */
const REPORTED_MS = 3_600_000;

/**
 * Notices when the clock `of` somebody is set: between two calls, it moved on by more or less than the time that passed here. The
 * function takes the clock's time (epoch milliseconds), and returns what to report.
 */
export function watchSteps(of: string, elapsed: Elapsed): (clock: number) => readonly Finding[] {
  let before: { readonly clock: number; readonly at: number } | undefined;
  let noticed: { readonly finding: Finding; readonly at: number } | undefined;
  return (clock) => {
    const at = elapsed();
    const stepped = before === undefined ? 0 : clock - before.clock - (at - before.at);
    before = { clock, at };
    if (Math.abs(stepped) > CLOCKS_DIFFER_MS) noticed = { finding: step(of, stepped), at };
    return noticed !== undefined && at - noticed.at < REPORTED_MS ? [noticed.finding] : [];
  };
}

function step(of: string, stepped: number): Finding {
  const by = inWords(Math.abs(stepped));
  return {
    what:
      stepped > 0
        ? `${of} was set forward by ${by}: leases and keys that end within that time have ended.`
        : `${of} was set back by ${by}: the store's time goes on from what it had reached.`,
    ok: false,
    remedy: 'Let its machine set its clock by NTP alone, which corrects it little by little.',
  };
}

/** The month of `now` in UTC, such as `2026-11`. */
export function monthName(now: number): Usage['month'] {
  return new Date(now).toISOString().slice(0, 7);
}

/** Months since the year 0, UTC. */
export function monthNumber(now: number): number {
  const date = new Date(now);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}
