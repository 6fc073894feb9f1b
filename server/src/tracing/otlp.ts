import { defaultTextMapGetter, ROOT_CONTEXT, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  serviceNameEnvDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type Sampler,
} from '@opentelemetry/sdk-trace';
import pTimeout from 'p-timeout';
import { ConfigError } from '../config.ts';
import type { Tracing } from '../telemetry.ts';

/** How long `close` waits for the collector. */
const CLOSE_TIMEOUT_MS = 3_000;

/** Sends spans in batches as OTLP over HTTP, in JSON. */
export function createTracing(env: Readonly<Record<string, string | undefined>>, store: string): Tracing {
  const exporter = new OTLPTraceExporter();
  const provider = new TracerProvider({
    sampler: samplerOf(env),
    // The environment has precedence: OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES.
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'onceonly-server' }))
      .merge(detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] })),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('onceonly-server');
  const propagator = new W3CTraceContextPropagator();

  return {
    begin(method, route, headers) {
      const parent = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
      const attributes = { 'http.request.method': method, 'http.route': route, 'onceonly.store': store };
      const span = tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
      return {
        claimed(result) {
          span.setAttribute('onceonly.outcome', result);
        },
        end(status) {
          if (status === null) span.setAttribute('error.type', 'client_gone');
          else span.setAttribute('http.response.status_code', status);
          if (status !== null && status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    async close() {
      const shutDown = provider.shutdown().catch(() => undefined);
      await pTimeout(shutDown, { milliseconds: CLOSE_TIMEOUT_MS, fallback: () => undefined });
    },
  };
}

/**
 * The samplers of OpenTelemetry's specification, by their names in its environment variable. This library does not read the
 * environment itself; only OpenTelemetry's packages for whole applications do.
 */
const SAMPLERS: Readonly<Record<string, (share: number) => Sampler>> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: (share) => new TraceIdRatioBasedSampler(share),
  parentbased_always_on: () => new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  parentbased_always_off: () => new ParentBasedSampler({ root: new AlwaysOffSampler() }),
  parentbased_traceidratio: (share) => new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
};

/** @throws {ConfigError} if the environment names an unknown sampler, or a share that is not from 0 to 1. */
export function samplerOf(env: Readonly<Record<string, string | undefined>>): Sampler {
  // According to the specification, an empty variable counts as not set.
  const valueOf = (variable: string, otherwise: string): string => {
    const value = env[variable] ?? '';
    return value === '' ? otherwise : value;
  };
  const name = valueOf('OTEL_TRACES_SAMPLER', 'parentbased_always_on');
  const share = Number(valueOf('OTEL_TRACES_SAMPLER_ARG', '1'));
  if (!(share >= 0 && share <= 1)) {
    throw new ConfigError(
      `OTEL_TRACES_SAMPLER_ARG is “${env['OTEL_TRACES_SAMPLER_ARG'] ?? ''}”; it has to be a number from 0 to 1.`,
    );
  }
  const sampler = Object.hasOwn(SAMPLERS, name) ? SAMPLERS[name] : undefined;
  if (sampler === undefined) {
    const names = Object.keys(SAMPLERS).join(', ');
    throw new ConfigError(`OTEL_TRACES_SAMPLER is “${name}”; it has to be one of ${names}.`);
  }
  return sampler(share);
}
