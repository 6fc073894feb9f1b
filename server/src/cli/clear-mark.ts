import type { Command } from 'commander';
import { askingServer, openApi, type ServerOptions } from './api.ts';
import { CommandFailed, EXIT } from './failure.ts';
import { type Terminal, json, quoted } from './terminal.ts';

interface Cleared {
  readonly newest: string | null;
}

export function clearMarkCommand(program: Command, terminal: Terminal): void {
  askingServer(program.command('clear-mark'))
    .description('Forgets what is completed in a group, so that its next change is done, however old it is.')
    .argument(
      '<group>',
      'of a step with a version: Job Name, a colon, and the record, as Key or One at a Time For names it',
    )
    .addHelpText('after', '\nExample:\n  onceonly-server clear-mark sync-contact:contact-17')
    .action(async (group: string, options: ServerOptions) => {
      const body = JSON.stringify({ group });
      const done = await openApi(options, terminal).post<Cleared>('/v1/groups/clear-mark', 'newest', body);
      if ('refused' in done) {
        throw new CommandFailed(`There is no group ${quoted(group)}, so nothing was done.`, EXIT.notFound);
      }
      const before = done.newest === null ? 'Nothing was completed in it' : `It was ${quoted(done.newest)}`;
      const sentence = `The next change of ${quoted(group)} is done, whatever its version. ${before} before.\n`;
      terminal.out(options.json ? json(done, 2) : sentence);
    });
}
