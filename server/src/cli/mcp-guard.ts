import { InvalidArgumentError, Option, type Command } from 'commander';
import { ConfigError, readService } from '../config.ts';
import type { GuardSettings } from '../mcp/guard/serve.ts';
import type { Terminal } from './terminal.ts';

const TOKEN = 'ONCEONLY_GUARD_TOKEN';

interface Given {
  readonly url?: URL;
  readonly header: Readonly<Record<string, string>>;
  readonly store?: string;
  readonly scope?: string;
  readonly name?: string;
  readonly only?: readonly string[];
  readonly except: readonly string[];
  readonly ifUnknown: 'refuse' | 'repeat';
  readonly failOpen?: true;
  readonly hold: number;
  readonly remember?: number;
  readonly listen?: { readonly host: string; readonly port: number };
}

const HELP = `
Examples:
  onceonly-server mcp guard --store sqlite:guard.db -- npx -y @modelcontextprotocol/server-filesystem /data
  onceonly-server mcp guard --scope task-7 --url https://tools.example.com/mcp
  onceonly-server mcp guard --store sqlite:guard.db --listen 3777 -- node tools.js

A call of a tool that may write is claimed before it is passed on. The same call again, with the same arguments in the same
scope, gets the first one's result. Tools that say readOnlyHint or idempotentHint of themselves are not guarded.

Without --store, the server at ONCEONLY_URL is asked, with ONCEONLY_API_KEY. With --listen, ${TOKEN} is the bearer
token that clients must send; on any address but this machine's own it must be set. There, each connection is a scope of its
own, unless the client names one in the address: /mcp?scope=task-7.`;

export function guardCommand(mcp: Command, terminal: Terminal): void {
  mcp
    .command('guard')
    .description('Stands in front of any MCP server, so that no call of its tools is made twice.')
    .usage('[options] (--url URL | -- COMMAND [ARGUMENTS])')
    .argument('[command...]', 'what starts the server whose tools are guarded')
    .addOption(new Option('--url <url>', 'the address of the server, for streamable HTTP').argParser(readUrl))
    .addOption(
      new Option('--header <name: value>', 'a header for that address; may be given again')
        .argParser(readHeader)
        .default({}, 'none'),
    )
    .addOption(
      new Option(
        '--store <store>',
        'keep claims here, such as sqlite:guard.db, without a OnceOnly server',
      ).argParser(readStore),
    )
    .option(
      '--scope <name>',
      'within what two calls are the same: a task, a conversation (default: each session)',
    )
    .option('--name <name>', "the server's name in keys (default: made from its command or address)")
    .addOption(
      new Option('--only <tools>', 'guard these tools only, with commas between them').argParser(readNames),
    )
    .addOption(
      new Option('--except <tools>', 'do not guard these tools').argParser(readNames).default([], 'none'),
    )
    .addOption(
      new Option('--if-unknown <what>', 'what a call meets whose first one has no known outcome')
        .choices(['refuse', 'repeat'])
        .default('refuse'),
    )
    .option('--fail-open', 'make calls although OnceOnly cannot be reached')
    .addOption(
      new Option('--hold <minutes>', 'how long a call counts as under way after the guard was killed')
        .argParser(readNumber)
        .default(1),
    )
    .addOption(
      new Option('--remember <days>', 'how long a result is kept (default: 30)').argParser(readNumber),
    )
    .addOption(new Option('--listen <[host:]port>', 'serve streamable HTTP here').argParser(readListen))
    .addHelpText('after', HELP)
    .action(async (command: readonly string[], given: Given) => {
      const settings = settingsOf(command, given, terminal);
      if (given.store === undefined && (terminal.env['ONCEONLY_API_KEY'] ?? '').trim() === '')
        throw new ConfigError(
          'Say where claims are kept: in a file, with --store sqlite:guard.db, or by your OnceOnly server, with ONCEONLY_URL and ONCEONLY_API_KEY.',
        );
      const stop = new AbortController();
      for (const signal of ['SIGTERM', 'SIGINT'] as const)
        process.once(signal, () => {
          stop.abort();
        });
      // The library of the protocol is large, so other commands do not load it.
      const { serveGuard } = await import('../mcp/guard/serve.ts');
      if (given.store === undefined) {
        await serveGuard(readService(terminal.env), settings, stop.signal);
        return;
      }
      const { startEmbedded } = await import('../mcp/guard/embedded.ts');
      const embedded = await startEmbedded(given.store);
      try {
        await serveGuard(embedded, settings, stop.signal);
      } finally {
        await embedded.close();
      }
    });
}

function settingsOf([program, ...args]: readonly string[], given: Given, terminal: Terminal): GuardSettings {
  if ((program === undefined) === (given.url === undefined))
    throw new ConfigError(
      'Say which server is to be guarded: --url and its address, or -- and the command that starts it.',
    );
  const token = terminal.env[TOKEN]?.trim() ?? '';
  if (
    given.listen !== undefined &&
    token === '' &&
    !['127.0.0.1', '::1', 'localhost'].includes(given.listen.host)
  )
    throw new ConfigError(
      `Others than this machine reach ${given.listen.host}: set ${TOKEN} to a secret that clients send.`,
    );
  return {
    guarded:
      given.url === undefined ? { command: program ?? '', args } : { url: given.url, headers: given.header },
    scope: given.scope ?? null,
    serverName: given.name ?? null,
    only: given.only ?? null,
    except: given.except,
    ifUnknown: given.ifUnknown,
    failOpen: given.failOpen === true,
    holdMinutes: given.hold,
    rememberDays: given.remember ?? null,
    log: (line) => {
      terminal.err(`${line}\n`);
    },
    listening:
      given.listen === undefined
        ? null
        : {
            ...given.listen,
            token: token === '' ? null : token,
            onListening: (url) => {
              const isAll = ['0.0.0.0', '::'].includes(given.listen?.host ?? '');
              const reached = isAll ? ', which others reach by the name or address of this machine' : '';
              terminal.err(`The guard listens at ${url}${reached}. Ctrl+C stops it.\n`);
            },
          },
  };
}

function readStore(text: string): string {
  if (!/^(?:sqlite:.|(?:postgres(?:ql)?|rediss?):\/\/)/.test(text))
    throw new InvalidArgumentError('Write it as “sqlite:” and the path of a file: sqlite:guard.db.');
  return text;
}

function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new InvalidArgumentError('It must begin with https:// or http://.');
  return url;
}

function readHeader(
  text: string,
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const [, name = '', value = ''] = /^([^:\s]+):\s*(.*)$/.exec(text) ?? [];
  if (name === '') throw new InvalidArgumentError('Write it as “Name: value”.');
  return { ...before, [name]: value };
}

const readNames = (text: string): readonly string[] => text.split(',').map((name) => name.trim());

function readNumber(text: string): number {
  const number = Number(text);
  if (!(number >= 0.1)) throw new InvalidArgumentError('It must be a number of at least 0.1.');
  return number;
}

function readListen(text: string): { readonly host: string; readonly port: number } {
  const [, host = '127.0.0.1', port = ''] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? [];
  if (port === '' || Number(port) > 65_535)
    throw new InvalidArgumentError('It must be a port, or a host and a port: 127.0.0.1:3777.');
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}
