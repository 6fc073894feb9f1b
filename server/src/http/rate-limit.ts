import type { FastifyInstance, onRequestHookHandler, preHandlerHookHandler } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { callerOf } from './auth.ts';
import { rateLimited, RefusalError } from './refusal.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What ends or prolongs a claim is never refused for its rate: done work must be told. */
    rateLimit?: 'exempt' | 'items';
  }
}

/**
 * Refuses what goes beyond so many requests a minute of one API key, 429 with Retry-After. Call it behind
 * `requireApiKey`. A batch costs its items, and at most a whole minute's worth.
 */
export function limitRates(app: FastifyInstance, perMinute: number): void {
  if (perMinute === 0) return;
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });

  async function consume(apiKeyId: string, cost: number): Promise<void> {
    try {
      await limiter.consume(apiKeyId, Math.min(cost, perMinute));
    } catch (refused) {
      if (refused instanceof RateLimiterRes) throw new RefusalError(rateLimited(refused.msBeforeNext));
      throw refused;
    }
  }

  /** Fastify takes any argument for an error. */
  const accepted = (done: () => void) => (): void => {
    done();
  };

  const limit: onRequestHookHandler = (request, _reply, done) => {
    consume(callerOf(request).id, 1).then(accepted(done), done);
  };
  const limitItems: preHandlerHookHandler = (request, _reply, done) => {
    const { items } = request.body as { items: readonly unknown[] };
    consume(callerOf(request).id, items.length).then(accepted(done), done);
  };

  app.addHook('onRoute', (route) => {
    const kind = route.config?.rateLimit;
    if (kind === 'items') route.preHandler = [limitItems, ...[route.preHandler ?? []].flat()];
    // Before the body is read, so that a flood costs little.
    else if (kind !== 'exempt') route.onRequest = [limit, ...[route.onRequest ?? []].flat()];
  });
}
