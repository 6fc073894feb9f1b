import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, '../../server/bin/onceonly-server.js');
const COUNTING = join(import.meta.dirname, 'counting-server.mjs');

/** A client of the protocol's own library, behind a guard that it started. */
export interface Guarded {
  readonly client: Client;
  /** The guard's process. */
  readonly pid: number;
  /** Calls a tool; all texts of its answer, and whether it is an error. */
  call(tool: string, args?: Readonly<Record<string, unknown>>): Promise<Said>;
  close(): Promise<void>;
}

export interface Said {
  readonly texts: readonly string[];
  readonly isError: boolean;
  readonly meta: Readonly<Record<string, unknown>>;
}

export interface GuardStart {
  /** Options of `mcp guard`. */
  readonly options: readonly string[];
  /** The command that is guarded; none where an option names an address. */
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a guard, and connects to it on its standard input and output. */
export async function startGuard({ options, command = [], env = {} }: GuardStart): Promise<Guarded> {
  const client = new Client({ name: 'test', version: '1' }, { capabilities: { sampling: {} } });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [
      '--no-strip-types',
      PROGRAM,
      'mcp',
      'guard',
      ...options,
      ...(command.length > 0 ? ['--', ...command] : []),
    ],
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  await client.connect(transport);
  return { ...callsOf(client), client, pid: transport.pid ?? 0 };
}

/** What a test does with a client, whichever way it is connected. */
export function callsOf(client: Client): Pick<Guarded, 'call' | 'close'> {
  return {
    async call(name, args = {}) {
      const { content, isError, _meta } = await client.callTool({ name, arguments: args });
      const parts = content as readonly { readonly text?: string }[];
      return { texts: parts.map(({ text }) => text ?? ''), isError: isError === true, meta: _meta ?? {} };
    },
    close: () => client.close(),
  };
}

export const folder = (): string => mkdtempSync(join(tmpdir(), 'onceonly-guard-'));

/** The command of a server that leaves a line in a file for each call, and those lines. */
export function counting(): { readonly command: readonly string[]; lines(): readonly string[] } {
  const trace = join(folder(), 'trace');
  return {
    command: [process.execPath, COUNTING, trace],
    lines: () =>
      existsSync(trace)
        ? readFileSync(trace, 'utf8')
            .split('\n')
            .filter((line) => line !== '')
        : [],
  };
}
