import type { Command } from 'commander';
import { readConfig } from '../config.ts';
import { inWords } from '../store/shared/time.ts';
import { setClock } from '../store/sqlite/set-clock.ts';
import { CommandFailed } from './failure.ts';
import type { Terminal } from './terminal.ts';

export function setClockCommand(program: Command, terminal: Terminal): void {
  program
    .command('set-clock')
    .description(
      "Sets the time of a SQLite store that is ahead of this machine's clock back to it, with its leases and keys. Stop the server before.",
    )
    .addHelpText(
      'after',
      '\nExample:\n  ONCEONLY_STORE=sqlite:/var/lib/onceonly/claims.db onceonly-server set-clock',
    )
    .action(() => {
      const { store } = readConfig(terminal.env);
      const [, path] = /^sqlite:(.+)$/s.exec(store) ?? [];
      if (path === undefined) {
        throw new CommandFailed(
          'Only a SQLite store has a time of its own: Postgres and Redis go by their clocks.',
        );
      }
      const now = Date.now();
      const ahead = setClock(path, now);
      terminal.err(
        ahead > 0
          ? `The store's time was ${inWords(ahead)} ahead. It is ${new Date(now).toISOString()} now, and what was to end later ends as much earlier.\n`
          : "The store's time is not ahead of this machine's clock; nothing was changed.\n",
      );
    });
}
