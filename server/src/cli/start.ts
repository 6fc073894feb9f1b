import type { Command } from 'commander';
import { misspeltSettings, readConfig, SETTINGS } from '../config.ts';
import { startServer } from '../server.ts';
import { kindOf } from '../store/store.ts';
import { openTracing } from '../tracing/tracing.ts';
import type { Terminal } from './terminal.ts';

/** After this time the process ends even if something hangs while the server stops. */
const CLOSING_MS = 30_000;

export function startCommand(program: Command, terminal: Terminal): void {
  program
    .command('start')
    .description('Serves the API until SIGTERM or SIGINT, then answers what it took and stops.')
    .addHelpText(
      'after',
      `\nExample:\n  ONCEONLY_PORT=9000 onceonly-server start\n\nSettings:\n${settings()}`,
    )
    .action(async () => {
      const config = readConfig(terminal.env);
      for (const sentence of misspeltSettings(terminal.env)) terminal.err(`${sentence}\n`);
      const tracing = await openTracing(terminal.env, kindOf(config.store));
      const starting = startServer({ config, tracing });
      const stop = (): void => {
        setTimeout(() => {
          terminal.err(
            'The server did not close within 30 seconds, so it was ended. What was answered is kept.\n',
          );
          process.exit(1);
        }, CLOSING_MS).unref();
        starting
          .then((server) => server.close())
          .catch((error: unknown) => {
            terminal.err(`The server could not be closed in good order: ${String(error)}\n`);
            process.exitCode = 1;
          });
      };
      // Before the message that it listens, because after it somebody may stop the server at once.
      process.once('SIGTERM', stop);
      process.once('SIGINT', stop);
      terminal.err(`OnceOnly listens at ${(await starting).url}. Ctrl+C stops it.\n`);
    });
}

function settings(): string {
  return Object.values(SETTINGS)
    .map((setting) => `  ${setting.name} (${setting.default})\n      ${setting.help}`)
    .join('\n');
}
