import pino, { type DestinationStream, type Logger } from 'pino';
import type { AddressInfo } from 'node:net';
import { type Store, type Finding, kindOf, withoutPassword } from './store/store.ts';
import { steadyClock, type Clock } from './clock.ts';
import type { Config } from './config.ts';
import { createApp, type AppOptions } from './http/app.ts';
import { startDeliverer } from './hooks/deliverer.ts';
import { createPost } from './hooks/post.ts';
import { logFailure } from './log-failure.ts';
import { openStore, type StoreOptions } from './store/open.ts';
import { startChore, type Chore } from './chore.ts';
import type { Metrics, Tracing } from './telemetry.ts';

export interface ServerOptions extends Pick<AppOptions, 'extend' | 'pollEveryMs' | 'makeDeadlineMs'> {
  readonly config: Config;
  /** Default: the clock of this machine. */
  readonly clock?: Clock;
  /** Where log lines are written, as JSON. Default: the standard output. */
  readonly log?: DestinationStream;
  /** Opens the store. Default: the store that `config.store` names. */
  readonly open?: (options: StoreOptions) => Promise<Store>;
  /** Closed with the server. */
  readonly tracing?: Tracing | null;
}

export interface RunningServer {
  /** `http://HOST:PORT`, without a slash at the end. */
  readonly url: string;
  /** Accepts no more requests, answers those that it accepted, and closes the store. May be called several times. */
  close(): Promise<void>;
}

/** The server cannot start. The message is a sentence for the person who runs it. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** So the death of a run is reported within five seconds. */
const REPORT_EVERY_MS = 2_000;
const SWEEP_EVERY_MS = 60_000;
/** How soon a clock that was set is noticed. */
const CHECK_EVERY_MS = 60_000;

/**
 * Opens the store, and serves the API until closed.
 * @throws {StartError} if the server cannot listen at host and port.
 * @throws {StoreUnavailable} if the store cannot be opened.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, clock = Date.now, log, tracing } = options;
  const logger = pino({ level: config.logLevel }, log ?? pino.destination(1));
  const metrics = config.metrics === 'off' ? undefined : await openMetrics(config);
  const say = ({ what, ok, remedy }: Finding): void => {
    if (ok) logger.info(what);
    else logger.warn({ remedy }, what);
  };
  const storeOptions: StoreOptions = {
    clock: options.clock ?? steadyClock(),
    wall: clock,
    eventDays: config.eventDays,
    metrics: metrics?.store,
    onOpened: say,
  };
  const store = await (options.open?.(storeOptions) ?? openStore(config.store, storeOptions));
  try {
    const app = await createApp({
      ...options,
      store,
      clock,
      logger,
      tracing: tracing ?? undefined,
      metrics: metrics && config.metrics !== 'off' ? { metrics, readers: config.metrics } : undefined,
    });
    await app.listen({ host: config.host, port: config.port }).catch((error: unknown) => {
      throw new StartError(cannotListen(error, config));
    });
    const failed =
      (name: string) =>
      (err: unknown): void => {
        logFailure(logger, logger, err, `${name} failed`);
      };
    const chore = (name: string, everyMs: number, step: (rows: number) => Promise<number>): Chore =>
      startChore(step, { everyMs, onError: failed(name) });
    const reportDeaths = async (rows: number): Promise<number> => {
      const died = await store.claims.reportDeaths(rows);
      metrics?.died(died);
      return died;
    };
    const chores = [
      chore('reporting of runs that died', REPORT_EVERY_MS, reportDeaths),
      chore('sweep', SWEEP_EVERY_MS, (rows) => store.claims.sweep(rows)),
    ];
    let reported: readonly string[] = [];
    const check = async (): Promise<number> => {
      const findings = await store.check();
      for (const finding of findings) if (!reported.includes(finding.what)) say(finding);
      reported = findings.map(({ what }) => what);
      return 0;
    };
    chores.push(chore('check', CHECK_EVERY_MS, check));
    const deliverer = startDeliverer({
      hooks: store.hooks,
      post: createPost({ privateAddresses: config.hookPrivateAddresses }),
      clock,
      random: Math.random,
      onError: failed('a delivery to a hook'),
      onSettled: metrics?.delivered,
    });
    const { address, family, port } = app.server.address() as AddressInfo;
    const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${String(port)}`;
    logger.info({ url, store: withoutPassword(config.store) }, 'listening');
    await warn(store, logger);

    async function shutDown(): Promise<void> {
      try {
        await Promise.all([app.close(), ...[...chores, deliverer].map((each) => each.stop())]);
      } finally {
        await store.close();
        await tracing?.close();
      }
      logger.info('closed');
    }
    let closing: Promise<void> | undefined;
    return { url, close: () => (closing ??= shutDown()) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Loads the library only if metrics are on. */
async function openMetrics({ store }: Config): Promise<Metrics> {
  return (await import('./metrics/prometheus.ts')).createMetrics(kindOf(store));
}

/** Logs a warning for each setting of the store that can lose an acknowledged claim. */
async function warn(store: Store, logger: Logger): Promise<void> {
  try {
    for (const { what, ok, remedy } of await store.inspect()) if (!ok) logger.warn({ remedy }, what);
  } catch (err) {
    logger.warn({ err }, 'the settings of the store could not be read');
  }
}

function cannotListen(error: unknown, { host, port }: Config): string {
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${String(port)} is taken, perhaps by a server that runs already. Set ONCEONLY_PORT to another one.`;
    case 'EACCES':
      return `Port ${String(port)} needs rights that this user does not have. Set ONCEONLY_PORT to a number above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `This machine has no address “${host}”. Set ONCEONLY_HOST to one that it has, such as 127.0.0.1.`;
    default:
      return `The server cannot listen at ${host}, port ${String(port)} (${code}). Check ONCEONLY_HOST and ONCEONLY_PORT.`;
  }
}
