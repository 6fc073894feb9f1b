import type { Tracing } from '../telemetry.ts';

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
