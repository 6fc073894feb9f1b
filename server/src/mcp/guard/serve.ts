import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { createClient } from '@onceonly/shared';
import { hash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from '../../config.ts';
import { createAxiosTransport } from '../axios-transport.ts';
import { openHttp, type GuardedTransport } from './http-server.ts';
import { listen, type Listening } from './listen.ts';
import { proxy, type ProxyOptions } from './proxy.ts';

/** The server whose tools are guarded: a program that is started, or an address. */
export type Guarded =
  | { readonly command: string; readonly args: readonly string[] }
  | { readonly url: URL; readonly headers: Readonly<Record<string, string>> };

export interface GuardSettings extends Omit<ProxyOptions, 'client' | 'scope' | 'serverName'> {
  readonly guarded: Guarded;
  /** The server's name in keys; null: what it is started by, or its address. Many servers call themselves the same. */
  readonly serverName: string | null;
  /** Null: each session is its own. A client over HTTP may name another one in the address. */
  readonly scope: string | null;
  /** Where clients connect over HTTP; null: one client, on standard input and output. */
  readonly listening: Listening | null;
}

/** Guards until the client goes, the server ends, or `stop` is aborted. */
export async function serveGuard(
  service: Service,
  settings: GuardSettings,
  stop: AbortSignal,
): Promise<void> {
  const client = createClient(createAxiosTransport(service.baseUrl, service.apiKey), {
    platform: 'node',
    sleep: async (ms) => {
      await sleep(ms);
    },
  });
  const guard = (transport: Transport, scope = settings.scope ?? randomUUID()): Promise<void> => {
    const { guarded, serverName } = settings;
    const named = { scope, serverName: serverName ?? nameOf(guarded) };
    const options: ProxyOptions = { ...settings, ...named, client };
    return proxy(transport, open(guarded), options);
  };
  if (settings.listening !== null) {
    await listen(settings.listening, guard, { stop, log: settings.log });
    return;
  }
  const transport = new StdioServerTransport();
  const close = (): void => void transport.close();
  // The library does not look for the end of the input.
  process.stdin.once('end', close);
  stop.addEventListener('abort', close);
  await guard(transport);
}

/** A hash: a command or an address may hold a secret, and keys are shown. */
function nameOf(guarded: Guarded): string {
  const parts = 'url' in guarded ? [guarded.url.href] : [guarded.command, ...guarded.args];
  return hash('sha256', JSON.stringify(parts)).slice(0, 16);
}

/** What only the guard needs to know. */
const SECRETS = new Set(['ONCEONLY_API_KEY', 'ONCEONLY_GUARD_TOKEN']);

function open(guarded: Guarded): GuardedTransport {
  if ('url' in guarded) return openHttp(guarded.url, guarded.headers);
  // What else the client set in the environment is meant for the server that is guarded.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name, value]) => value !== undefined && !SECRETS.has(name)),
  );
  return new StdioClientTransport({
    command: guarded.command,
    args: [...guarded.args],
    env: env as Record<string, string>,
  });
}
