import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Settled } from '../hooks/hook-store.ts';
import { type Answered, type Metrics, CLAIM_RESULTS } from '../telemetry.ts';

/** From a claim on a fast disk to one that waits as long as is allowed. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const REQUESTS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

const RESULTS = {
  delivered: 'delivered',
  retry: 'failed',
  disable: 'given_up',
} as const satisfies Record<Settled['outcome'], string>;

/** The metrics of a server on a store of this kind. */
export function createMetrics(store: string): Metrics {
  const registry = new Registry();
  const registers = [registry];
  let depth = (): number => 0;

  const claims = new Counter({
    name: 'onceonly_claims_total',
    help: 'Claims by what they were told. All but acquired, reentrant and locked were kept from going on, unless they only watch.',
    labelNames: ['outcome'],
    registers,
  });
  const answers = new Histogram({
    name: 'onceonly_http_request_duration_seconds',
    help: 'How long requests took, by route and class of status; of claims that wait, with their waiting.',
    labelNames: ['method', 'route', 'status', 'store'],
    buckets: SECONDS,
    registers,
  });
  const groups = new Histogram({
    name: 'onceonly_group_commit_requests',
    help: 'How many requests shared a transaction of the store: on Redis, a script.',
    buckets: REQUESTS,
    registers,
  });
  new Gauge({
    name: 'onceonly_store_pending_requests',
    help: 'Requests that wait for the store, or are at work there, now.',
    registers,
    collect() {
      this.set(depth());
    },
  });
  const deliveries = new Counter({
    name: 'onceonly_hook_deliveries_total',
    help: 'Attempts to deliver an event to a hook: delivered, failed and to be tried again, or given up for good.',
    labelNames: ['result'],
    registers,
  });
  const died = new Counter({
    name: 'onceonly_runs_died_total',
    help: 'Runs that this server found dead: their time ended before a word of them. Each is told by one server.',
    registers,
  });

  /** Creates the series at once, so that it starts at 0. */
  const bound = (counter: Counter, label: string): (() => void) => {
    const child = counter.labels(label);
    child.inc(0);
    return () => {
      child.inc();
    };
  };
  const byResultOfClaim = new Map(CLAIM_RESULTS.map((result) => [result, bound(claims, result)]));
  const byResult = {
    delivered: bound(deliveries, RESULTS.delivered),
    retry: bound(deliveries, RESULTS.retry),
    disable: bound(deliveries, RESULTS.disable),
  };

  return {
    claimed: (result) => byResultOfClaim.get(result)?.(),
    answers(method, route): Answered {
      const byClass: Histogram.Internal<string>[] = [];
      return (status, milliseconds) => {
        const hundreds = Math.floor(status / 100);
        const child = (byClass[hundreds] ??= answers.labels(method, route, `${String(hundreds)}xx`, store));
        child.observe(milliseconds / 1_000);
      };
    },
    delivered: (outcome) => {
      byResult[outcome]();
    },
    died: (runs) => {
      died.inc(runs);
    },
    store: {
      grouped: (requests) => {
        groups.observe(requests);
      },
      opened: (measure) => {
        depth = measure;
      },
    },
    async expose() {
      const texts = await Promise.all([registry.metrics(), ofProcess().metrics()]);
      return { contentType: registry.contentType, text: texts.join('\n') };
    },
  };
}

let processRegistry: Registry | undefined;

/** The metrics of the process (CPU, memory, event loop, garbage collection), shared by all servers in it. */
function ofProcess(): Registry {
  if (processRegistry === undefined) {
    processRegistry = new Registry();
    collectDefaultMetrics({ register: processRegistry });
  }
  return processRegistry;
}
