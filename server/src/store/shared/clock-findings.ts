import type { Finding } from '../store.ts';

/** A difference beyond it is said. */
export const CLOCKS_DIFFER_MS = 60_000;

/** `8 days`, `3 hours`, `90 seconds`: roughly, in words. */
export function inWords(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 120) return `${seconds} seconds`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} minutes`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} hours` : `${Math.round(seconds / 86_400)} days`;
}

/** What to say of a store whose time (`now`) is not that of the clock that it should follow. */
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
