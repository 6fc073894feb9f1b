import { Command } from 'commander';
import published from '../../package.json' with { type: 'json' };
import { StoreUnavailable } from '../claims/claim-store.ts';
import { ConfigError } from '../config.ts';
import { messageOf } from '../error-message.ts';
import { StartError } from '../server.ts';
import { apiKeysCommand } from './api-keys.ts';
import { clearMarkCommand } from './clear-mark.ts';
import { conformanceCommand } from './conformance.ts';
import { doctorCommand } from './doctor.ts';
import { CommandFailed, EXIT, EXIT_HELP } from './failure.ts';
import { keysCommand } from './keys.ts';
import { mcpCommand } from './mcp.ts';
import { guarded, ownTerminal, type Terminal } from './terminal.ts';
import { releaseCommand, resolveCommand } from './resolve.ts';
import { setClockCommand } from './set-clock.ts';
import { showCommand } from './show.ts';
import { startCommand } from './start.ts';
import { statusCommand } from './status.ts';
import { tailCommand } from './tail.ts';

const EXAMPLES = `
Examples:
  onceonly-server start
  onceonly-server api-keys create --tenant acme --role automation
  onceonly-server api-keys list --json
  onceonly-server api-keys revoke key_AbCdEfGhIjKl
  onceonly-server doctor
  onceonly-server set-clock
  onceonly-server mcp
  onceonly-server mcp guard --store sqlite:guard.db -- node tools.js

Of a running server, with an operator key in ONCEONLY_API_KEY, and its address in ONCEONLY_URL unless it is this machine's:
  onceonly-server status
  onceonly-server keys --status unresolved
  onceonly-server show send-invoice:evt_1
  onceonly-server release send-invoice:evt_1
  onceonly-server resolve send-invoice:evt_1 --as completed
  onceonly-server clear-mark sync-contact:contact-17
  onceonly-server tail --json

Of any server that speaks the API, the hosted one too:
  onceonly-server conformance --url https://api.onceonly.tech
${EXIT_HELP}

Settings of the server are environment variables: ONCEONLY_PORT=9000 onceonly-server start.
“onceonly-server start --help” lists them.`;

/**
 * Runs a command line. If it fails, it writes a sentence to the standard error and sets the exit code. `start` resolves once the
 * server listens.
 */
export async function main(argv: readonly string[], own: Terminal = ownTerminal()): Promise<void> {
  const terminal = guarded(own);
  const program = new Command('onceonly-server')
    .description('The OnceOnly API on your own machine: keys are claimed once, whatever happens.')
    .version(published.version)
    // After the name of a command, --version is an option of that command.
    .enablePositionalOptions()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(--help shows how.)');
  startCommand(program, terminal);
  apiKeysCommand(program, terminal);
  doctorCommand(program, terminal);
  setClockCommand(program, terminal);
  mcpCommand(program, terminal);
  statusCommand(program, terminal);
  keysCommand(program, terminal);
  showCommand(program, terminal);
  releaseCommand(program, terminal);
  resolveCommand(program, terminal);
  clearMarkCommand(program, terminal);
  tailCommand(program, terminal);
  conformanceCommand(program, terminal);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    terminal.err(`${sentenceOf(error)}\n`);
    process.exitCode = error instanceof CommandFailed ? error.exitCode : EXIT.wrong;
  }
}

/** Shows a message alone only if it was written for people. */
function sentenceOf(error: unknown): string {
  const known =
    error instanceof CommandFailed ||
    error instanceof ConfigError ||
    error instanceof StartError ||
    error instanceof StoreUnavailable;
  if (known) return error.message;
  return `Something went wrong that should not: ${messageOf(error)}`;
}
