import { Option, type Command } from 'commander';
import { askingServer, openApi, type ServerOptions, wholeNumber } from './api.ts';
import { claimedKeys, statusOf, type ClaimedKey, type Wanted } from './claimed-keys.ts';
import { CommandFailed } from './failure.ts';
import { type Terminal, json } from './terminal.ts';
import { table } from './output.ts';

const STATUSES = ['in_progress', 'completed', 'failed', 'released', 'unresolved', 'died'];

export function keysCommand(program: Command, terminal: Terminal): void {
  const keys = askingServer(program.command('keys'))
    .description('Lists keys that were claimed, in no order.')
    .option('--prefix <text>', 'only keys that begin with it, such as "send-invoice:"')
    .addOption(
      new Option('--status <status>', 'only keys of this status; unresolved: a person must decide').choices(
        STATUSES,
      ),
    )
    .option('--limit <count>', 'at most so many', wholeNumber, 50)
    .addHelpText('after', '\nExample:\n  onceonly-server keys --status unresolved --prefix send-invoice:')
    .action(async (options: ServerOptions & Wanted) => {
      const { items, isAll } = await claimedKeys(openApi(options, terminal), options);
      if (options.json) terminal.out(json(items, 2));
      else if (items.length > 0) terminal.out(table(HEADER, items.map(row)));
      if (items.length === 0) terminal.err('There are no such keys.\n');
      if (!isAll) terminal.err(`There are more than these ${String(items.length)}: --limit shows more.\n`);
    });
  // Some people look for API keys here.
  for (const name of ['create', 'list', 'revoke']) {
    keys
      .command(name, { hidden: true })
      .allowUnknownOption()
      .allowExcessArguments()
      .action(() => {
        throw new CommandFailed(`API keys have a command of their own: onceonly-server api-keys ${name}`);
      });
  }
}

const HEADER = ['KEY', 'STATUS', 'ATTEMPT', 'CLAIMED', 'ENDS OR ENDED', 'ERROR'];

function row(item: ClaimedKey): readonly string[] {
  const { key, attempt, claimed_at, expires_at, done_at, error_code } = item;
  return [key, statusOf(item), String(attempt), claimed_at, done_at ?? expires_at, error_code ?? '-'];
}
