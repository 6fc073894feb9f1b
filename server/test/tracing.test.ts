import { ROOT_CONTEXT, SpanKind, trace, TraceFlags, type Context } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { samplerOf } from '../src/tracing/otlp.ts';
import { openTracing } from '../src/tracing/tracing.ts';
import { runCommand, startServerProcess } from './cli-process.ts';
import { temporaryDirectory } from './support.ts';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
}

interface Span {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly Attribute[];
}

interface Traces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

/** A collector: OTLP over HTTP, in JSON. */
async function openCollector() {
  const received: Traces[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      if (request.method === 'POST' && request.url === '/v1/traces') {
        headers.push(request.headers);
        received.push(JSON.parse(text) as Traces);
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const resources = () => received.flatMap(({ resourceSpans }) => resourceSpans);
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    headers,
    resources,
    spans: () => resources().flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const valuesOf = (attributes: readonly Attribute[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));

/** A server that is a process of its own, with a key: the exporter reads its process's environment. */
async function startTraced(env: Record<string, string>) {
  const directory = await temporaryDirectory();
  const apiKey = (await runCommand({ directory }, ['api-keys', 'create', '--tenant', 'acme'])).out.trim();
  const server = await startServerProcess({ directory, env });
  const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const sent = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...headers };
    const response = await fetch(server.url + path, {
      method: 'POST',
      headers: sent,
      body: JSON.stringify(body),
    });
    return (await response.json()) as { status: string };
  };
  return { server, post };
}

test('without an endpoint nothing is traced', async () => {
  expect(await openTracing({}, 'sqlite')).toBeNull();
  const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://127.0.0.1:4318';
  expect(await openTracing({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SDK_DISABLED: 'true' }, 'sqlite')).toBeNull();
  expect(
    await openTracing({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }, 'sqlite'),
  ).toBeNull();
});

test.each([
  { sampler: undefined, sampled: true, unsampled: false, root: true },
  { sampler: 'always_on', sampled: true, unsampled: true, root: true },
  { sampler: 'always_off', sampled: false, unsampled: false, root: false },
  { sampler: 'traceidratio', argument: '0', sampled: false, unsampled: false, root: false },
  { sampler: 'parentbased_always_on', sampled: true, unsampled: false, root: true },
  { sampler: 'parentbased_always_off', sampled: true, unsampled: false, root: false },
  { sampler: 'parentbased_traceidratio', argument: '0', sampled: true, unsampled: false, root: false },
])(
  '$sampler of the environment decides on spans of callers, and on those of nobody',
  ({ sampler, argument, ...decided }) => {
    const chosen = samplerOf({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: argument });
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const under = (traceFlags: TraceFlags) =>
      trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: 'b7ad6b7169203331', traceFlags, isRemote: true });
    const isSent = (context: Context): boolean =>
      chosen.shouldSample(context, traceId, 'GET /', SpanKind.SERVER, {}, []).decision ===
      SamplingDecision.RECORD_AND_SAMPLED;
    expect({
      sampled: isSent(under(TraceFlags.SAMPLED)),
      unsampled: isSent(under(TraceFlags.NONE)),
      root: isSent(ROOT_CONTEXT),
    }).toEqual(decided);
  },
);

test('with always_off nothing is sent', async () => {
  const collector = await openCollector();
  const { server, post } = await startTraced({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_TRACES_SAMPLER: 'always_off',
  });
  try {
    expect(await post('/v1/ai/lease', { key: 'k' })).toMatchObject({ status: 'acquired' });
    expect(await server.end()).toBe(0);
    expect(collector.spans()).toEqual([]);
  } finally {
    await server.end('SIGKILL');
    collector.close();
  }
});

test.each([
  { OTEL_TRACES_SAMPLER: 'jaeger_remote' },
  { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: 'half' },
])('a sampler that is none is refused: $OTEL_TRACES_SAMPLER', async (env) => {
  const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://127.0.0.1:4318';
  await expect(openTracing({ OTEL_EXPORTER_OTLP_ENDPOINT, ...env }, 'sqlite')).rejects.toThrow(
    /^OTEL_TRACES_SAMPLER/,
  );
});

test('each request is a span with route, status, outcome and store, under the span of its caller', async () => {
  const collector = await openCollector();
  const { server, post } = await startTraced({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-token=t',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
  });
  try {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await post('/v1/ai/lease', { key: 'private-key' }, { traceparent });
    await post('/v1/ai/lease', { key: 'private-key' });
    await post('/v1/check-lock', { key: 'private-lock' });
    await fetch(`${server.url}/v1/me`);
    // What was not sent yet is sent at the end.
    expect(await server.end()).toBe(0);
    expect(collector.spans()).toHaveLength(4);
    const spans = collector.spans().map(({ name, attributes }) => ({ name, ...valuesOf(attributes) }));
    const lease = {
      name: 'POST /v1/ai/lease',
      'http.request.method': 'POST',
      'http.route': '/v1/ai/lease',
      'http.response.status_code': 200,
      'onceonly.store': 'sqlite',
    };
    expect(spans).toEqual([
      { ...lease, 'onceonly.outcome': 'acquired' },
      { ...lease, 'onceonly.outcome': 'in_progress' },
      expect.objectContaining({ name: 'POST /v1/check-lock', 'onceonly.outcome': 'locked' }),
      expect.objectContaining({ name: 'GET /v1/me', 'http.response.status_code': 401 }),
    ]);
    expect(collector.spans()[0]).toMatchObject({
      kind: 2,
      traceId: '0af7651916cd43dd8448eb211c80319c',
      parentSpanId: 'b7ad6b7169203331',
    });
    expect(valuesOf(collector.resources()[0]?.resource.attributes ?? [])).toMatchObject({
      'service.name': 'onceonly-server',
      'deployment.environment.name': 'test',
    });
    expect(collector.headers[0]?.['x-token']).toBe('t');
    expect(JSON.stringify(collector.spans())).not.toContain('private-');
  } finally {
    await server.end('SIGKILL');
    collector.close();
  }
});

test('a collector that is gone holds up neither claims nor the end', async () => {
  const { server, post } = await startTraced({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
  try {
    expect(await post('/v1/ai/lease', { key: 'k' })).toMatchObject({ status: 'acquired' });
    expect(await server.end()).toBe(0);
  } finally {
    await server.end('SIGKILL');
  }
});
