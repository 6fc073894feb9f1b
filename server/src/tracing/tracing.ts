import type { Tracing } from '../telemetry.ts';

/** Variables of OpenTelemetry. The exporter reads them itself, with the others of the specification (headers, timeout …). */
const ENDPOINTS = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;

/**
 * Opens tracing as the standard variables of OpenTelemetry configure it. Returns null, and loads none of its libraries, if they
 * name no endpoint. `store`, the scheme of the store's URL, is an attribute of every span.
 */
export async function openTracing(
  env: Readonly<Record<string, string | undefined>>,
  store: string,
): Promise<Tracing | null> {
  const isOff = env['OTEL_SDK_DISABLED'] === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none';
  if (isOff || ENDPOINTS.every((name) => (env[name] ?? '') === '')) return null;
  return (await import('./otlp.ts')).createTracing(env, store);
}
