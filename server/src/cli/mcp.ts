import type { Command } from 'commander';
import { readService, SERVICE_SETTINGS } from '../config.ts';
import type { Terminal } from './terminal.ts';
import { guardCommand } from './mcp-guard.ts';

export function mcpCommand(program: Command, terminal: Terminal): void {
  const settings = Object.values(SERVICE_SETTINGS).map(
    ({ name, default: value, help }) => `  ${name} (${value || 'must be set'})\n      ${help}`,
  );
  const mcp = program
    .command('mcp')
    .description('Lets an AI agent claim its tool calls: tools over the Model Context Protocol, on stdio.')
    .addHelpText(
      'after',
      `\nExample:\n  ONCEONLY_API_KEY=once_live_… onceonly-server mcp\n\nSettings:\n${settings.join('\n')}`,
    )
    .action(async () => {
      const service = readService(terminal.env);
      // The library of the protocol is large, so other commands do not load it.
      const { serveTools } = await import('../mcp/serve.ts');
      await serveTools(service);
    });
  guardCommand(mcp, terminal);
}
