import type { Command } from 'commander';
import { misspeltSettings, readConfig } from '../config.ts';
import { openReadOnly } from '../store/open.ts';
import type { Finding } from '../store/store.ts';
import type { Terminal } from './terminal.ts';

export function doctorCommand(program: Command, terminal: Terminal): void {
  program
    .command('doctor')
    .description(
      'Says whether the store can be used, and whether its settings can lose a claim; exit code 1 then. It changes nothing.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  ONCEONLY_STORE=postgres://onceonly@db.example.com/onceonly onceonly-server doctor',
    )
    .action(async () => {
      const { store: url } = readConfig(terminal.env);
      for (const sentence of misspeltSettings(terminal.env)) terminal.err(`${sentence}\n`);
      const store = await openReadOnly(url, Date.now);
      try {
        const findings = await store.inspect();
        terminal.out(findings.map(shown).join(''));
        if (findings.some(({ ok }) => !ok)) process.exitCode = 1;
      } finally {
        await store.close();
      }
    });
}

function shown({ what, ok, remedy }: Finding): string {
  return `${ok ? 'ok     ' : 'danger '} ${what}\n${remedy === null ? '' : `        ${remedy}\n`}`;
}
