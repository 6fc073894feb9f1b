import { hashApiKey, type FindApiKey, type ApiKey } from '../../api-keys.ts';
import type { Metrics } from '../../telemetry.ts';
import { requireApiKey, requireOperator } from '../auth.ts';
import type { Sessions } from '../../sessions.ts';
import type { App } from '../services.ts';

export interface MetricsRouteOptions {
  readonly metrics: Metrics;
  /** `open`: everybody. `operator`: everybody with an operator key of any tenant. The numbers cover all tenants. */
  readonly readers: 'open' | 'operator';
  readonly findApiKey: FindApiKey;
  readonly sessions: Sessions;
}

/** GET /metrics, for Prometheus. */
export function metricsRoute(
  app: App,
  { metrics, readers, findApiKey, sessions }: MetricsRouteOptions,
): void {
  if (readers === 'operator') {
    requireApiKey(app, alsoInAnOutage(findApiKey), sessions);
    app.addHook('onRequest', requireOperator);
  }
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    const { contentType, text } = await metrics.expose();
    return reply.header('content-type', contentType).send(text);
  });
}

/** Metrics are needed most when the store is down. So while it does not answer, the last accepted API key is accepted again. */
function alsoInAnOutage(find: FindApiKey): FindApiKey {
  let last: { readonly hash: string; readonly apiKey: ApiKey } | undefined;
  return async (secret, address) => {
    const hash = hashApiKey(secret);
    try {
      const apiKey = await find(secret, address);
      if (apiKey !== null) last = { hash, apiKey };
      else if (last?.hash === hash) last = undefined;
      return apiKey;
    } catch (error) {
      if (last?.hash === hash) return last.apiKey;
      throw error;
    }
  };
}
