import AjvCompiler from '@fastify/ajv-compiler';
import { LIMITS } from '@onceonly/shared/limits.ts';
import fastify, { LogController, type FastifyBaseLogger } from 'fastify';
import { parse } from 'node:querystring';
import { createApiKeyLookup } from '../api-keys.ts';
import { createSessions } from '../sessions.ts';
import type { Store } from '../store/store.ts';
import { createWaiting } from '../claims/waiting.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { answerHeaders, requestId } from './answer-headers.ts';
import { requireApiKey } from './auth.ts';
import { parseBodies } from './body.ts';
import { closeGracefully, readBeforeClosing } from './closing.ts';
import { dashboardRoutes } from './dashboard.ts';
import { handleErrors, refuseBrokenHttp, refuseBrokenRequests, refuseBrokenUrl } from './error-answers.ts';
import { invalidFields, tooLongList } from './invalid-fields.ts';
import { createTaskRunner, type TaskRunner } from './task-runner.ts';
import { describeApi, openApiRoute } from './openapi.ts';
import { limitRates } from './rate-limit.ts';
import { limitReads } from './limit-reads.ts';
import { RefusalError } from './refusal.ts';
import { accountRoutes } from './routes/account.ts';
import { batchRoutes } from './routes/batch.ts';
import { checkLockRoute } from './routes/check-lock.ts';
import { deriveRoute } from './routes/derive.ts';
import { finishRoutes } from './routes/finish.ts';
import { healthRoutes } from './routes/health.ts';
import { historyRoutes } from './routes/history.ts';
import { hookRoutes } from './routes/hooks.ts';
import { keyRoutes } from './routes/keys.ts';
import { leaseRoute } from './routes/lease.ts';
import { makeRoutes } from './routes/make.ts';
import { metricsRoute, type MetricsRouteOptions } from './routes/metrics.ts';
import { readRoutes } from './routes/read.ts';
import { sessionRoutes } from './routes/session.ts';
import { unavailableRoutes } from './routes/unavailable.ts';
import type { App, Services } from './services.ts';
import { createGuard, guardKeys, guardSessions } from './unknown-keys.ts';
import { instrumentRoutes, type Telemetry } from './instrument.ts';

export interface AppOptions extends Pick<Telemetry, 'tracing'> {
  /** Belongs to the caller, and stays open when the app closes. */
  readonly store: Store;
  readonly config: Pick<Config, 'rateLimitPerMinute' | 'hookPrivateAddresses'> &
    Partial<Pick<Config, 'trustedProxies'>>;
  readonly clock: Clock;
  /** Without it, nothing is logged. */
  readonly logger?: FastifyBaseLogger;
  /** Called before any route is added, so that it can add hooks. */
  readonly extend?: (app: App, store: Store) => void;
  /** How often waiting claims read their key, in milliseconds; default 500. */
  readonly pollEveryMs?: number;
  /** Closed with the app. Default: a new one. */
  readonly tasks?: TaskRunner;
  /** The deadline for answers to Make's modules, in milliseconds; default 25,000. */
  readonly makeDeadlineMs?: number;
  /** The metrics, and who may read them. Without it, nothing is measured. */
  readonly metrics?: Omit<MetricsRouteOptions, 'findApiKey' | 'sessions'> | undefined;
}

/** Shared by all apps of a process, so that schemas are compiled once: tests open hundreds of apps. */
const compileOnce = AjvCompiler();

/**
 * The HTTP API on a store, ready to listen. Closing it answers what was accepted first; claims that wait are answered
 * at once with what they know.
 */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, clock } = options;
  const store = limitReads(options.store);
  const waiting = createWaiting(
    store.claims,
    options.pollEveryMs === undefined ? {} : { pollEveryMs: options.pollEveryMs },
  );
  const app: App = fastify({
    ...(options.logger ? { loggerInstance: options.logger } : {}),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LIMITS.bodyBytes,
    // Node would refuse such a request itself, without the headers and the body that every answer has.
    http: { requireHostHeader: false },
    requestTimeout: 60_000,
    trustProxy: [...(config.trustedProxies ?? [])],
    // What arrived on an open connection is answered, and the connection closed with it.
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: requestId,
    clientErrorHandler: refuseBrokenHttp,
    frameworkErrors: refuseBrokenUrl,
    routerOptions: { querystringParser: parseQuery },
    schemaController: { compilersFactory: { buildValidator: compileOnce } },
    ajv: {
      customOptions: {
        allErrors: true,
        allowUnionTypes: true,
        coerceTypes: false,
        removeAdditional: false,
        useDefaults: false,
        verbose: true,
      },
    },
  });
  // Node would answer 417 itself, without the headers and the body that every answer has.
  app.server.on('checkExpectation', (request, response) => {
    app.server.emit('request', request, response);
  });
  // Answers are sent as text. Their schemas only describe them.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.decorateRequest('apiKey', null);
  const tasks = options.tasks ?? createTaskRunner(clock);
  app.addHook('onClose', () => tasks.close());
  parseBodies(app, tasks);
  answerHeaders(app);
  handleErrors(app);
  refuseBrokenRequests(app);
  readBeforeClosing(app);
  boundLists(app);
  if (app.log.level === 'debug' || app.log.level === 'trace') logRequests(app);
  options.extend?.(app, store);
  await describeApi(app);

  closeGracefully(app, waiting.stop);

  const { metrics, tracing } = options;
  const claimed = instrumentRoutes(app, { metrics: metrics?.metrics, tracing });
  const { hookPrivateAddresses } = config;
  const services: Services = { store, waiting, clock, tasks, hookPrivateAddresses, claimed };
  const guard = createGuard();
  const findApiKey = guardKeys(createApiKeyLookup(store.apiKeys, clock), guard);
  const sessions = guardSessions(createSessions(store.apiKeys, clock), guard);

  await app.register((open: App, _options, done) => {
    healthRoutes(open, services);
    openApiRoute(open);
    dashboardRoutes(open);
    done();
  });
  if (metrics) {
    await app.register((open: App, _options, done) => {
      metricsRoute(open, { ...metrics, findApiKey, sessions });
      done();
    });
  }
  await app.register(
    (v1: App, _options, done) => {
      sessionRoutes(v1, findApiKey, sessions);
      done();
    },
    { prefix: '/v1' },
  );
  await app.register(
    (v1: App, _options, done) => {
      requireApiKey(v1, findApiKey, sessions);
      limitRates(v1, config.rateLimitPerMinute);
      checkLockRoute(v1, services);
      leaseRoute(v1, services);
      batchRoutes(v1, services);
      readRoutes(v1, services);
      finishRoutes(v1, services);
      accountRoutes(v1, services);
      historyRoutes(v1, services);
      keyRoutes(v1, services);
      hookRoutes(v1, services);
      deriveRoute(v1, services);
      unavailableRoutes(v1);
      done();
    },
    { prefix: '/v1' },
  );
  // These routes have no rate limit of their own: the requests that they send to the routes above are counted there.
  await app.register(
    (v1: App, _options, done) => {
      requireApiKey(v1, findApiKey, sessions);
      makeRoutes(v1, services, options.makeDeadlineMs);
      done();
    },
    { prefix: '/v1' },
  );
  return app;
}

/** Refuses a list that is too long before its elements are validated. */
function boundLists(app: App): void {
  app.addHook('preValidation', (request, _reply, done) => {
    const { body: schema } = request.routeOptions.schema ?? {};
    const tooLong = schema === undefined ? null : tooLongList(schema as object, request.body);
    if (tooLong === null) done();
    else done(new RefusalError({ status: 422, detail: invalidFields([tooLong], 'body') }));
  });
}

/** Parses a query. Its values are text, except `limit` and `offset`, which the schemas declare as numbers. */
function parseQuery(text: string): Record<string, unknown> {
  const query: Record<string, unknown> = { ...parse(text) };
  for (const name of ['limit', 'offset']) {
    const given = query[name];
    if (typeof given === 'string' && /^\d{1,9}$/.test(given)) query[name] = Number(given);
  }
  return query;
}

/** Logs requests without query, headers and bodies, which contain keys and users' data. */
function logRequests(app: App): void {
  app.addHook('onResponse', (request, reply, done) => {
    const path = request.url.split('?', 1)[0];
    request.log.debug(
      {
        method: request.method,
        path,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        by: request.apiKey?.id,
      },
      'answered',
    );
    done();
  });
}
