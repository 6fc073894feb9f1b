import type { onResponseHookHandler } from 'fastify';
import type { Metrics, RequestSpan, Tracing } from '../telemetry.ts';
import type { App, Claimed } from './services.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null if tracing is off. */
    span: RequestSpan | null;
  }
}

/** Metrics and tracing, as far as they are switched on. */
export interface Telemetry {
  readonly metrics?: Metrics | undefined;
  readonly tracing?: Tracing | undefined;
}

/** Measures every route that is registered later, and traces every request. Returns the function by which routes report a claim's result. */
export function instrumentRoutes(app: App, { metrics, tracing }: Telemetry): Claimed {
  app.decorateRequest('span', null);
  if (metrics) measureRoutes(app, metrics);
  if (tracing) traceRequests(app, tracing);
  return (result, request) => {
    metrics?.claimed(result);
    request?.span?.claimed(result);
  };
}

/** One closure for each route, so that requests need no look-up. */
function measureRoutes(app: App, metrics: Metrics): void {
  app.addHook('onRoute', (route) => {
    const answered = metrics.answers(String(route.method), route.url);
    const measure: onResponseHookHandler = (_request, reply, done) => {
      answered(reply.statusCode, reply.elapsedTime);
      done();
    };
    route.onResponse = [measure, ...[route.onResponse ?? []].flat()];
  });
}

/** Runs before all other hooks, so that refused requests are traced as well. */
function traceRequests(app: App, tracing: Tracing): void {
  app.addHook('onRequest', (request, _reply, done) => {
    request.span = tracing.begin(request.method, request.routeOptions.url ?? 'unknown', request.headers);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    request.span?.end(reply.statusCode);
    done();
  });
  app.addHook('onRequestAbort', (request, done) => {
    request.span?.end(null);
    done();
  });
}
