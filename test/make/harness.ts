import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openWorld, type World } from '../world.ts';
import { loadApp, type Section } from './engine/app.ts';
import { connect, type Made } from './engine/connect.ts';
import { type LogEntry, MakeError } from './engine/http.ts';
import { runModule } from './engine/run.ts';

/** What a module came to: its bundles, or the error that Make would handle. */
export type Result =
  | { readonly bundles: readonly Section[] }
  | { readonly error: { readonly type: string; readonly message: string } };

export interface App {
  readonly made: Made;
  run(module: string, parameters?: Readonly<Record<string, unknown>>): Promise<Result>;
}

export async function openApp(entered: { baseUrl: string; apiKey: string }): Promise<App> {
  return appOn(await connect(entered));
}

export function appOn(made: Made): App {
  return {
    made,
    run: async (id, parameters = {}) => {
      const module = made.app.modules[id];
      if (module === undefined) throw new Error(`There is no module ${id}.`);
      try {
        return { bundles: (await runModule(module, parameters, made)).bundles };
      } catch (error) {
        if (!(error instanceof MakeError)) throw error;
        return { error: { type: error.type, message: error.message } };
      }
    },
  };
}

export const bundleOf = (result: Result): Record<string, unknown> => {
  if ('error' in result) throw new Error(`${result.error.type}: ${result.error.message}`);
  const [bundle, ...others] = result.bundles;
  if (bundle === undefined || others.length > 0) throw new Error(`${String(result.bundles.length)} bundles`);
  return { ...bundle };
};

export const errorOf = (result: Result): { type: string; message: string } => {
  if ('bundles' in result) throw new Error(`No error, but ${JSON.stringify(result.bundles)}`);
  return { ...result.error };
};

export interface Stub {
  readonly baseUrl: string;
  /** Requests that came, in order. */
  readonly came: readonly {
    readonly method: string;
    readonly url: string;
    readonly headers: IncomingMessage['headers'];
  }[];
  close(): Promise<void>;
}

const open: Stub[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((stub) => stub.close()));
});

/** A service that answers as a test says, until the test ends. */
export async function openStub(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Stub> {
  const came: { method: string; url: string; headers: IncomingMessage['headers'] }[] = [];
  const server = createServer((request, response) => {
    came.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
    request.resume();
    request.on('end', () => {
      answer(request, response);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const stub: Stub = {
    baseUrl: `http://127.0.0.1:${String(port)}`,
    came,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => {
          done();
        });
      }),
  };
  open.push(stub);
  return stub;
}

/** A connection that was made earlier, so that a stub need not answer its test. */
export async function madeEarlier(baseUrl: string, kept: Section = { own: true }): Promise<Made> {
  const app = await loadApp();
  const log: LogEntry[] = [];
  return {
    app,
    base: app.base,
    connection: { baseUrl, apiKey: 'once_live_secret', ...kept },
    label: '',
    log,
  };
}

/** One world and an app on it for all tests of a file: each takes keys of its own. */
export function useApp(options: Parameters<typeof openWorld>[1] = {}): {
  readonly world: World;
  readonly app: App;
} {
  let opened: { readonly world: World; readonly app: App } | undefined;
  const open = (): NonNullable<typeof opened> => {
    if (opened === undefined) throw new Error('Only within a test.');
    return opened;
  };
  beforeAll(async () => {
    // A module waits for a key in flight for twenty seconds; here it gives up sooner.
    const world = await openWorld(undefined, { makeDeadlineMs: 6_500, ...options });
    opened = { world, app: await openApp(world) };
  });
  afterAll(() => opened?.world.close());
  return {
    get world() {
      return open().world;
    },
    get app() {
      return open().app;
    },
  };
}
