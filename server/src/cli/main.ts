import { Command } from 'commander';
import { StoreUnavailable } from '../claims/store.ts';
import { ConfigError } from '../config.ts';
import { StartError } from '../server.ts';
import { doctorCommand } from './doctor.ts';
import { keysCommand } from './keys.ts';
import { mcpCommand } from './mcp.ts';
import { startCommand } from './start.ts';

/** Where a command writes, and what it reads: passed in by tests. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const EXAMPLES = `
Examples:
  onceonly-server start
  onceonly-server keys create --tenant acme --role automation
  onceonly-server keys list --json
  onceonly-server keys revoke key_AbCdEfGhIjKl
  onceonly-server doctor
  onceonly-server mcp

Settings are environment variables: ONCEONLY_PORT=9000 onceonly-server start.
“onceonly-server start --help” lists them.`;

/**
 * Runs a command line. What goes wrong is a sentence on the standard error, with exit code 1; `start` resolves once
 * the server listens.
 */
export async function main(
  argv: readonly string[],
  terminal: Terminal = {
    env: process.env,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  },
): Promise<void> {
  const program = new Command('onceonly-server')
    .description('The OnceOnly API on your own machine: keys are claimed once, whatever happens.')
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(--help shows how.)');
  startCommand(program, terminal);
  keysCommand(program, terminal);
  doctorCommand(program, terminal);
  mcpCommand(program, terminal);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    terminal.err(`${sentenceOf(error)}\n`);
    process.exitCode = 1;
  }
}

/** Only errors that were written for people are shown as they are. */
function sentenceOf(error: unknown): string {
  const known =
    error instanceof ConfigError || error instanceof StartError || error instanceof StoreUnavailable;
  if (known) return error.message;
  return `Something went wrong that should not: ${error instanceof Error ? error.message : String(error)}`;
}
