import { isObject } from '@onceonly/shared/json.ts';
import type { Transport } from '@onceonly/shared/transport.ts';
import type { Waiting } from '../../../server/src/claims/waiting.ts';
import { createTransport, type Claims } from '../embedded/transport.ts';
import { createCall, withMethods } from '../once.ts';
import { checkNames, invalid, milliseconds } from '../options.ts';
import type { Duration, Once } from '../types.ts';
import { crashable } from './crash.ts';
import { createMemoryClaims } from './memory-claims.ts';
import { createTestTime } from './test-time.ts';

export { Crashed } from './crash.ts';

/** A `once` for tests. It keeps claims in memory, by the rules of a server, and a test can make it fail in every way that a server can. */
export interface TestOnce {
  readonly once: Once;
  /** Epoch milliseconds. Only `advance` moves it. */
  now(): number;
  /** Moves time on. Leases of running attempts are renewed meanwhile; those of attempts that died end. */
  advance(by: Duration): Promise<void>;
  /**
   * Kills all running work, as if its process had died: its end is not recorded, its lease is not renewed, and its calls
   * are rejected with `Crashed`.
   */
  crash(): void;
  /** Loses the answer of the next such request, which takes effect. `times`: how many answers are lost; `Infinity` for all from now on. */
  loseAnswer(of: keyof typeof PATHS, times?: number): void;
}

const PATHS = {
  claim: '/v1/ai/lease',
  extend: '/v1/ai/extend',
  complete: '/v1/ai/complete',
  fail: '/v1/ai/fail',
} as const;

const FOREVER_SECONDS = 1e9;

/** @param options `startAt`: the time at the start; default: now. */
export function testOnce(options: { readonly startAt?: Date } = {}): TestOnce {
  checkNames(options, ['startAt']);
  const { startAt = new Date() } = options;
  if (!(startAt instanceof Date) || Number.isNaN(startAt.getTime()))
    throw invalid('startAt', 'has to be a Date.');
  const time = createTestTime(startAt.getTime());
  const claims = createMemoryClaims(time.now);
  const waiting = createWaiting((asked) => claims.claim(asked), time.now);
  const answer = createTransport(claims, waiting);
  const lost = new Map<string, number>();
  const { died, crash, call } = crashable();
  const fences = new Map<unknown, number>();

  const transport: Transport = async (request) => {
    if (died(fences.get(request.body?.['lease_id']) ?? null)) return new Promise<never>(() => undefined);
    const response = await answer(request);
    const { body } = response;
    if (isObject(body) && typeof body['fence'] === 'number' && typeof body['lease_id'] === 'string')
      fences.set(body['lease_id'], body['fence']);
    const left = lost.get(request.path) ?? 0;
    if (left <= 0) return response;
    lost.set(request.path, left - 1);
    throw new Error('The answer was lost, as asked for.');
  };
  const close = (): Promise<void> => Promise.resolve();
  const inner = createCall(() => Promise.resolve({ transport, close }), time);

  return {
    once: withMethods(call(inner.once), inner.close),
    now: time.now,
    async advance(by) {
      await time.advance(milliseconds('by', by, { min: 0, max: FOREVER_SECONDS }));
      waiting.changed('', '');
    },
    crash,
    loseAnswer(of, times = 1) {
      // A test that loses nothing would test nothing.
      if (!Object.hasOwn(PATHS, of))
        throw invalid('of', `has to be one of ${Object.keys(PATHS).join(', ')}.`);
      if (!(times >= 0)) throw invalid('times', 'has to be a number, 0 or more.');
      lost.set(PATHS[of], times);
    },
  };
}

/** Waits in the test's time: claims again whenever something has changed. */
function createWaiting(claim: Claims['claim'], now: () => number): Waiting {
  const wake: (() => void)[] = [];
  return {
    async claim(asked, waitMs) {
      const until = now() + waitMs;
      for (;;) {
        const answer = await claim(asked);
        if (answer.outcome !== 'in_progress' || now() >= until) return answer;
        await new Promise<void>((resolve) => wake.push(resolve));
      }
    },
    changed() {
      for (const each of wake.splice(0)) each();
    },
    stop: () => undefined,
  };
}
