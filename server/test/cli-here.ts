import { main } from '../src/cli/main.ts';
import type { Terminal } from '../src/cli/terminal.ts';
import { environment, type CommandLine, type Ended } from './cli-process.ts';

/**
 * Runs a command in this process, because loading the program takes longer than most commands. Not for commands that end the
 * process, such as help.
 */
export async function runHere(where: CommandLine, args: readonly string[]): Promise<Ended> {
  let out = '';
  let err = '';
  const terminal: Terminal = {
    env: environment(where),
    out: (text) => (out += text),
    err: (text) => (err += text),
    ask: null,
  };
  try {
    await main(['node', 'onceonly-server', ...args], terminal);
    return { code: Number(process.exitCode ?? 0), out, err };
  } finally {
    process.exitCode = 0;
  }
}
