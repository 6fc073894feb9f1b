import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../server/test/services/free-port.ts';
import { executionsOf, type Executions } from './executions.ts';
import { startGroup, type ProcessGroup } from './process-group.ts';
import { installNode } from './node-package.ts';
import { createHttp, signIn, type Rest } from './rest.ts';
import type { Workflow } from './workflow.ts';

export interface Credential {
  readonly name: string;
  readonly type: string;
  readonly data: object;
}

/** What a user makes in the editor. */
export interface Content {
  /** Published where they are `active`. */
  readonly workflows: readonly Workflow[];
  /** Nodes are connected with the one of their type. */
  readonly credentials: readonly Credential[];
}

/** A real n8n with our node in it. */
export interface N8n {
  readonly url: string;
  readonly rest: Rest;
  readonly executions: Executions;
  /** Where its data is, SQLite's too. */
  readonly userFolder: string;
  /** Sends a webhook; any answer will do. */
  send(
    path: string,
    body: object | string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ status: number; data: unknown }>;
  /** Makes it, and waits until its webhooks are listened at; the function answered removes it. */
  add(content: Content): Promise<() => Promise<void>>;
  activate(workflowId: string): Promise<void>;
  deactivate(workflowId: string): Promise<void>;
  /** As `kill -9`, with all that it has started. */
  kill(): Promise<void>;
  /** Starts it anew on the same data and ports. */
  start(): Promise<void>;
  log(): string;
  /** Kills it and removes its data. */
  close(): Promise<void>;
}

const WEBHOOK = 'n8n-nodes-base.webhook';
const BOOT_MS = 300_000;
const KEEP_COMPILED = join(import.meta.dirname, 'keep-compiled.mjs');

/**
 * Installs n8n where the machine has none yet, which takes minutes; after that, some twenty seconds.
 *
 * @param env environment variables on top of ours, such as those of a Postgres.
 */
export async function openN8n(env: Readonly<Record<string, string>> = {}): Promise<N8n> {
  const installed = await install();
  const script = join(installed, 'node_modules/n8n/bin/n8n');
  const userFolder = await mkdtemp(join(tmpdir(), 'onceonly-n8n-'));
  const [port, broker] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${String(port)}`;
  const environment = {
    ...environmentOf(userFolder, port, broker),
    // n8n loads thousands of files; compiled once a machine, it starts sooner.
    NODE_COMPILE_CACHE: join(installed, '.compiled'),
    ...env,
  };
  const http = createHttp(url);
  let running: ProcessGroup | undefined;
  let rest: Rest | undefined;
  let workflows: readonly Workflow[] = [];

  const signedIn = (): Rest => {
    if (rest === undefined) throw new Error('n8n has not been started.');
    return rest;
  };

  async function start(): Promise<void> {
    const process = startGroup(['--import', KEEP_COMPILED, script, 'start'], environment);
    running = process;
    const ended = process.ended.then(() => true);
    const until = Date.now() + BOOT_MS;
    for (;;) {
      const ready = await http.get('/healthz/readiness').catch(() => undefined);
      if (ready?.status === 200) break;
      if ((await Promise.race([ended, pause(100)])) === true || Date.now() > until)
        throw new Error(`n8n does not start: ${process.log()}`);
    }
    rest = await signIn(url);
  }

  async function setActive(workflowId: string, active: boolean): Promise<void> {
    const { versionId } = await signedIn().get<{ versionId: string }>(`/workflows/${workflowId}`);
    await signedIn().post(`/workflows/${workflowId}/${active ? 'activate' : 'deactivate'}`, { versionId });
  }

  /** n8n registers webhooks after it has answered; by another method than its own, one can be asked for unheard. */
  async function registered(path: string): Promise<void> {
    const until = Date.now() + BOOT_MS;
    for (;;) {
      const { data } = await http.get<unknown>(`/webhook/${path}`);
      if (JSON.stringify(data).includes('POST request')) return;
      if (Date.now() > until) throw new Error(`n8n does not listen at ${path}: ${JSON.stringify(data)}`);
      await pause(50);
    }
  }

  const listening = () => Promise.all(workflows.flatMap(webhooksOf).map(registered));

  async function add(content: Content): Promise<() => Promise<void>> {
    const ids = new Map<string, string>();
    for (const credential of content.credentials)
      ids.set(credential.type, (await signedIn().post<{ id: string }>('/credentials', credential)).id);
    for (const each of content.workflows) await signedIn().post('/workflows', connected(each, ids));
    for (const { id, active } of content.workflows) if (active) await setActive(id, true);
    workflows = content.workflows;
    await listening();
    return async () => {
      workflows = [];
      for (const { id } of content.workflows) await signedIn().post(`/workflows/${id}/archive`);
      for (const { id } of content.workflows) await signedIn().delete(`/workflows/${id}`);
      for (const id of ids.values()) await signedIn().delete(`/credentials/${id}`);
    };
  }

  async function close(): Promise<void> {
    await running?.kill();
    await rm(userFolder, { recursive: true, force: true });
  }

  try {
    await installNode(userFolder);
    await start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url,
    get rest() {
      return signedIn();
    },
    executions: executionsOf(signedIn, readerOf(installed)),
    userFolder,
    send: async (path, body, headers = {}) => {
      const { status, data } = await http.post<unknown>(`/webhook/${path}`, body, { headers });
      return { status, data };
    },
    add,
    activate: (id) => setActive(id, true),
    deactivate: (id) => setActive(id, false),
    kill: async () => running?.kill(),
    start: async () => {
      await start();
      await listening();
    },
    log: () => running?.log() ?? '',
    close,
  };
}

const webhooksOf = ({ nodes, active }: Workflow): readonly string[] =>
  active ? nodes.flatMap(({ type, parameters }) => (type === WEBHOOK ? [parameters.path ?? ''] : [])) : [];

/** The folder of the pinned n8n. */
async function install(): Promise<string> {
  const script = join(import.meta.dirname, 'install.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [script, 'n8n']);
  return stdout.trim();
}

/** n8n keeps an execution's data in a form of its own; the library that wrote it reads it. */
function readerOf(installed: string): (text: string) => unknown {
  const fromN8n = createRequire(join(installed, 'node_modules/n8n/package.json'));
  return (fromN8n('flatted') as { parse: (text: string) => unknown }).parse;
}

/** A workflow whose nodes name the credentials as n8n has called them, by their types. */
const connected = (workflow: Workflow, ids: ReadonlyMap<string, string>): object => ({
  ...workflow,
  // n8n publishes nothing that is not asked for.
  active: false,
  nodes: workflow.nodes.map(({ credentials = {}, ...node }) => ({
    ...node,
    credentials: Object.fromEntries(
      Object.entries(credentials).map(([type, { name }]) => [type, { id: ids.get(type), name }]),
    ),
  })),
});

/** Nothing of the machine's own but what a process needs; nothing that asks the internet. */
function environmentOf(userFolder: string, port: number, broker: number): Record<string, string> {
  const off = [
    'N8N_DIAGNOSTICS_ENABLED',
    'N8N_VERSION_NOTIFICATIONS_ENABLED',
    'N8N_DYNAMIC_BANNERS_ENABLED',
    'N8N_TEMPLATES_ENABLED',
    'N8N_PERSONALIZATION_ENABLED',
    'N8N_LICENSE_AUTO_RENEW_ENABLED',
    'N8N_SECURE_COOKIE',
  ];
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: userFolder,
    NO_COLOR: '1',
    N8N_USER_FOLDER: userFolder,
    N8N_ENCRYPTION_KEY: 'only-for-tests',
    N8N_LISTEN_ADDRESS: '127.0.0.1',
    N8N_PORT: String(port),
    WEBHOOK_URL: `http://127.0.0.1:${String(port)}/`,
    N8N_RUNNERS_BROKER_PORT: String(broker),
    // On a crowded machine, n8n would call its database dead.
    DB_PING_TIMEOUT_MS: '60000',
    DB_CONNECTION_ACQUISITION_TIMEOUT_MS: '120000',
    N8N_DISABLED_MODULES: 'mcp-registry,instance-ai,agents,chat-hub,mcp',
    ...Object.fromEntries(off.map((name) => [name, 'false'])),
  };
}
