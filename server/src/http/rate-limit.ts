import type { FastifyInstance, onRequestHookHandler, preHandlerHookHandler } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { callerOf } from './auth.ts';
import { rateLimited, RefusalError } from './refusal.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `exempt`: a request that ends or extends a claim is never refused, since finished work must be recorded. `items`: a batch. */
    rateLimit?: 'exempt' | 'items';
  }
}

/**
 * Limits the requests per minute of each API key; beyond it, they are refused with 429 and Retry-After. It must come after
 * `requireApiKey`. A batch costs as much as its items, but at most the limit of one minute.
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

  /** Calls `done` without an argument, since Fastify takes any argument for an error. */
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
    // Checked before the body is read, so that a flood costs little.
    else if (kind !== 'exempt') route.onRequest = [limit, ...[route.onRequest ?? []].flat()];
  });
}
