import { Option, type Command } from 'commander';
import { NotAnswered } from '../conformance/server-under-test.ts';
import { playContract, type Finding } from '../conformance/play.ts';
import { connectionOf } from './api.ts';
import { CommandFailed, EXIT } from './failure.ts';
import { type Terminal, json } from './terminal.ts';
import { table } from './output.ts';

interface ConformanceOptions {
  readonly url?: string;
  readonly key?: string;
  readonly json?: boolean;
}

export function conformanceCommand(program: Command, terminal: Terminal): void {
  program
    .command('conformance')
    .description(
      'Asks any server that speaks the API what it should answer, and says what holds and what does not. The exit code is 1 where something of the hosted API does not hold. Its keys begin with “conformance-”. A few of their runs die, of which alerts may tell.',
    )
    .addOption(new Option('--url <url>', 'the server; or ONCEONLY_URL; this machine if not said'))
    .addOption(
      new Option('--key <key>', 'an API key, of any role; better in ONCEONLY_API_KEY, where nobody sees it'),
    )
    .option('--json', 'as JSON, for scripts')
    .addHelpText('after', '\nExample:\n  onceonly-server conformance --url https://api.onceonly.tech')
    .action(async ({ url: at, key, ...options }: ConformanceOptions) => {
      const given = { ...(at !== undefined && { url: at }), ...(key !== undefined && { apiKey: key }) };
      const { url, apiKey } = connectionOf(given, terminal);
      const findings = await playContract(url, apiKey).catch((error: unknown) => {
        if (error instanceof NotAnswered)
          throw new CommandFailed(`${url}: ${error.message}`, EXIT.unavailable);
        throw error;
      });
      terminal.out(
        options.json ? json({ url, findings }, 2) : `${tableOf(findings)}\n${summaryOf(findings)}`,
      );
      if (findings.some(({ part, verdict }) => part === 'hosted' && verdict !== 'holds')) {
        process.exitCode = EXIT.wrong;
      }
    });
}

function tableOf(findings: readonly Finding[]): string {
  const rows = findings.flatMap(({ part, verdict, call, says, reason }) => [
    [verdict, part, `${call}: ${says}`],
    ...(reason === null ? [] : [['', '', `  ${reason}`]]),
  ]);
  return table(['VERDICT', 'PART', 'PROMISE'], rows);
}

function summaryOf(findings: readonly Finding[]): string {
  const counts = new Map<string, number>();
  for (const { part, verdict } of findings) {
    const name = `${part === 'hosted' ? 'hosted' : 'additions'}: ${verdict}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${name} ${String(count)}\n`).join('');
}
