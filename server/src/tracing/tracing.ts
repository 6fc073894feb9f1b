import type { IncomingHttpHeaders } from 'node:http';

/** Sends a span for each request to a collector of OpenTelemetry; no request waits for that. */
export interface Tracing {
  /** A request came; its span is a child of the one that the caller names in `traceparent`. */
  begin(method: string, route: string, headers: IncomingHttpHeaders): RequestSpan;
  /** Sends what was not sent, for a few seconds at most. */
  close(): Promise<void>;
}

export interface RequestSpan {
  /** What a claim was told. */
  told(outcome: string): void;
  /** Answered; null where the caller was gone before. */
  end(status: number | null): void;
}

/** OpenTelemetry's own: the exporter reads these and the others of its specification (headers, timeout, compression). */
const ENDPOINTS = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;

/**
 * Tracing as the standard variables of OpenTelemetry say, null where they name no endpoint: its libraries are loaded
 * only then. `store`: the scheme of the store's URL, an attribute of every span.
 */
export async function openTracing(
  env: Readonly<Record<string, string | undefined>>,
  store: string,
): Promise<Tracing | null> {
  const isOff = env['OTEL_SDK_DISABLED'] === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none';
  if (isOff || ENDPOINTS.every((name) => (env[name] ?? '') === '')) return null;
  return (await import('./otlp.ts')).createTracing(env, store);
}
