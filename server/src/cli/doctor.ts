import type { Command } from 'commander';
import { readConfig } from '../config.ts';
import { openStore } from '../store/open.ts';
import { withoutPassword } from '../store/shown-url.ts';
import type { Finding } from '../store/finding.ts';
import type { Terminal } from './main.ts';

export function doctorCommand(program: Command, terminal: Terminal): void {
  program
    .command('doctor')
    .description(
      'Says whether the store can be used, and whether its settings can lose a claim; exit code 1 then.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  ONCEONLY_STORE=postgres://onceonly@db.example.com/onceonly onceonly-server doctor',
    )
    .action(async () => {
      const { store: url } = readConfig(terminal.env);
      const store = await openStore(url, { clock: Date.now });
      try {
        await store.check();
        const reached = `The store ${withoutPassword(url)} can be read and written.`;
        const findings: readonly Finding[] = [
          { what: reached, ok: true, remedy: null },
          ...(await store.inspect()),
        ];
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
