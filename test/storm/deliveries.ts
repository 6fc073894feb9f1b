import { randomInt, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';

/** A webhook as GitHub sends it: the delivery's id is the event's, and stays the same when it is sent again. */
export interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly payload: unknown;
  /** The first run of this event dies just before its work. */
  readonly firstRunDies: boolean;
}

interface Examples {
  readonly name: string;
  readonly examples: readonly unknown[];
}

/** Loaded as CommonJS, so that Node and jest read the same file. */
const examples = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly Examples[];

/**
 * Real GitHub payloads, `events` of them, each delivered 1–6 times, in any order; of every tenth event, which is delivered
 * twice at least, the first run dies.
 */
export function deliverStorm(events: number): readonly Delivery[] {
  const payloads = examples.flatMap(({ name, examples: each }) =>
    each.map((payload) => ({ event: name, payload })),
  );
  const deliveries = shuffle(payloads)
    .slice(0, events)
    .flatMap((payload, index) => {
      const firstRunDies = index % 10 === 0;
      const copies = randomInt(firstRunDies ? 2 : 1, 7);
      return Array<Delivery>(copies).fill({ ...payload, id: randomUUID(), firstRunDies });
    });
  return shuffle(deliveries);
}

function shuffle<T>(items: readonly T[]): T[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
  }
  return shuffled;
}
