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
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type Sampler,
} from '@opentelemetry/sdk-trace';
import type { Tracing } from '../watchers.ts';

/** How long closing waits for the collector. */
const GOODBYE_MS = 3_000;

/** Spans as OTLP over HTTP, in JSON, in batches. */
export function createTracing(env: Readonly<Record<string, string | undefined>>, store: string): Tracing {
  const exporter = new OTLPTraceExporter();
  const provider = new TracerProvider({
    sampler: samplerOf(env),
    // What the environment says wins: OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES.
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
        told(outcome) {
          span.setAttribute('onceonly.outcome', outcome);
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
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, GOODBYE_MS)));
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      clearTimeout(timer);
    },
  };
}

/** A caller that samples decides for its requests; of the others all, or the share that the environment names. */
function samplerOf(env: Readonly<Record<string, string | undefined>>): Sampler {
  const share = Number(env['OTEL_TRACES_SAMPLER_ARG'] ?? 1);
  const root = env['OTEL_TRACES_SAMPLER']?.endsWith('traceidratio')
    ? new TraceIdRatioBasedSampler(share)
    : new AlwaysOnSampler();
  return new ParentBasedSampler({ root });
}
