import { setTimeout as pause } from 'node:timers/promises';

const LOOKS = 1_000;
const LOOK_EVERY_MS = 20;

/** Looks again until it is enough, and gives what was seen last. A busy machine takes longer for as many looks. */
export async function until<T>(look: () => Promise<T> | T, enough: (seen: T) => boolean): Promise<T> {
  for (let looks = LOOKS; ; looks -= 1) {
    const seen = await look();
    if (enough(seen) || looks <= 0) return seen;
    await pause(LOOK_EVERY_MS);
  }
}
