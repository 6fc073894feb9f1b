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

/** The server whose tools are guarded: a program to start, or a URL. */
export type Guarded =
  | { readonly command: string; readonly args: readonly string[] }
  | { readonly url: URL; readonly headers: Readonly<Record<string, string>> };

export interface GuardSettings extends Omit<ProxyOptions, 'client' | 'scope' | 'serverName'> {
  readonly guarded: Guarded;
  /** The name of the server in keys. Null: a hash of its command or URL, since many servers have the same name of their own. */
  readonly serverName: string | null;
  /** Null: each session is a scope of its own. A client over HTTP may name another one in the URL. */
  readonly scope: string | null;
  /** Where clients connect over HTTP. Null: one client, on standard input and output. */
  readonly listening: Listening | null;
}

/** Runs the guard until the client leaves, the server ends, or `stop` is aborted. */
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
  // The library does not notice the end of the input.
  process.stdin.once('end', close);
  stop.addEventListener('abort', close);
  await guard(transport);
}

/** A hash, since a command or a URL may contain a secret, and keys are shown to people. */
function nameOf(guarded: Guarded): string {
  const parts = 'url' in guarded ? [guarded.url.href] : [guarded.command, ...guarded.args];
  return hash('sha256', JSON.stringify(parts)).slice(0, 16);
}

/** Variables of the guard's own, which are not passed on. */
const SECRETS = new Set(['ONCEONLY_API_KEY', 'ONCEONLY_GUARD_TOKEN']);

function open(guarded: Guarded): GuardedTransport {
  if ('url' in guarded) return openHttp(guarded.url, guarded.headers);
  // The client sets the other variables for the guarded server.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name, value]) => value !== undefined && !SECRETS.has(name)),
  );
  return new StdioClientTransport({
    command: guarded.command,
    args: [...guarded.args],
    env: env as Record<string, string>,
  });
}
