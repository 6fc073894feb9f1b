import { setTimeout as pause } from 'node:timers/promises';
import { openWorld, sqlite, type World } from '../world.ts';
import type { SentDelivery } from '../sources/senders/sender.ts';
import { openN8n, type Credential, type N8n } from './instance.ts';
import { openReceiver, type Receiver } from './receiver.ts';
import { account } from './steps.ts';
import { openWire, type Wire } from './wire.ts';
import type { Execution } from './executions.ts';
import type { Workflow } from './workflow.ts';

/** Where a workflow may send its requests. */
export interface GlobalKeys {
  readonly world: World;
  /** Through which n8n reaches the world. */
  readonly wire: Wire;
  readonly receiver: Receiver;
}

export interface SettingOptions {
  readonly workflows: (places: GlobalKeys) => readonly Workflow[];
  readonly credentials?: (places: GlobalKeys) => readonly Credential[];
  /** Whether the server's clock starts with the machine's, as n8n's does, which looks at the time of a hook's delivery. */
  readonly today?: boolean;
  /** Opens what n8n is to keep its data in, and says so by environment variables; SQLite if not said. */
  readonly database?: () => Promise<{ env: Readonly<Record<string, string>>; close: () => Promise<void> }>;
}

export interface Setting extends GlobalKeys {
  readonly n8n: N8n;
  /** Sends webhooks to a workflow of that name and path, all at once, and waits until their executions have ended. */
  deliver(path: string, ...bodies: readonly object[]): Promise<readonly Execution[]>;
  /** Sends one webhook as its sender does: text and headers. */
  deliverAs(path: string, delivery: Pick<SentDelivery, 'headers' | 'payload'>): Promise<Execution>;
}

/** The first install of n8n takes minutes, and more on a crowded machine. */
const OPEN_MS = 1_800_000;
/** n8n starts again in some of the tests. */
const TEST_MS = 600_000;
const ATTEMPTS = 8;

let shared: Promise<N8n> | undefined;
let sharing = false;

/** For a test file of several suites: they have one n8n, which is opened for the first of them. */
export function shareN8n(): void {
  sharing = true;
  afterAll(async () => (await shared)?.close());
}

/** For a test file or a suite: a real n8n, our server with a stepped clock, and a receiver of what workflows do. */
export function useN8n({ workflows, credentials, database, today = false }: SettingOptions): Setting {
  jest.setTimeout(TEST_MS);
  const closing: (() => Promise<void>)[] = [];
  let world: World;
  let wire: Wire;
  let receiver: Receiver;
  let n8n: N8n;

  beforeAll(async () => {
    world = await openWorld(sqlite, today ? { startAt: Date.now() } : {});
    closing.unshift(() => world.close());
    wire = await openWire(world.baseUrl);
    closing.unshift(() => wire.close());
    receiver = await openReceiver();
    closing.unshift(() => receiver.close());
    const opened = await database?.();
    if (opened !== undefined) closing.unshift(() => opened.close());
    if (sharing) n8n = await (shared ??= openN8n());
    else {
      // Nobody looks at the editor, which n8n would make anew for each start.
      n8n = await openN8n({ N8N_DISABLE_UI: 'true', ...opened?.env });
      closing.unshift(() => n8n.close());
    }
    const remove = await n8n.add({
      workflows: workflows({ world, wire, receiver }),
      credentials: [
        account({ apiKey: world.apiKey, baseUrl: wire.baseUrl }),
        ...(credentials?.({ world, wire, receiver }) ?? []),
      ],
    });
    if (sharing) closing.unshift(remove);
  }, OPEN_MS);
  afterAll(async () => {
    for (const close of closing) await close();
  });

  return {
    get world() {
      return world;
    },
    get wire() {
      return wire;
    },
    get receiver() {
      return receiver;
    },
    get n8n() {
      return n8n;
    },
    deliver: async (path, ...bodies) => {
      const since = await n8n.executions.newest(path);
      await Promise.all(bodies.map((body) => sendUntilTaken(n8n, path, body)));
      return n8n.executions.settled(path, bodies.length, since);
    },
    deliverAs: async (path, { headers, payload }) => {
      const since = await n8n.executions.newest(path);
      await sendUntilTaken(n8n, path, payload, { 'content-type': 'application/json', ...headers });
      const [execution] = await n8n.executions.settled(path, 1, since);
      if (execution === undefined) throw new Error(`The webhook started nothing: ${path}.`);
      return execution;
    },
  };
}

/** As every sender of webhooks does: what was not taken is sent again. */
async function sendUntilTaken(
  n8n: N8n,
  path: string,
  body: object | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await n8n.send(path, body, headers);
    if (answer.status < 300) return;
    if (answer.status < 500 || attempt === ATTEMPTS)
      throw new Error(`n8n refused a webhook: ${JSON.stringify(answer)}`);
    await pause(attempt * 500);
  }
}
