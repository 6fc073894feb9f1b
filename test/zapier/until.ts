import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 20_000;

/** Looks again until it is enough, and gives what was seen last: a machine may be busy. */
export async function until<T>(look: () => Promise<T> | T, enough: (seen: T) => boolean): Promise<T> {
  const endsAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const seen = await look();
    if (enough(seen) || performance.now() > endsAt) return seen;
    await pause(20);
  }
}
