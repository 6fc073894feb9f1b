import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { createClient } from '@onceonly/shared';
import { setTimeout as sleep } from 'node:timers/promises';
import published from '../../package.json' with { type: 'json' };
import type { Service } from '../config.ts';
import { createAxiosTransport } from './axios-transport.ts';
import { callTool } from './call-tool.ts';
import { described } from './tool-schemas.ts';
import { tools } from './tools.ts';

const INSTRUCTIONS =
  'Before you do something that must not happen twice (pay, send, book, create, delete), call claim. Do it only if ' +
  'the answer says proceed: true; then call complete, or fail if it did not work. If the answer says completed, the ' +
  'work is done already: use its result. If a tool here answers with an error, do not do the work.';

/**
 * Serves the tools on standard input and output until the input ends. They use the service like any other client, so agents and
 * workflows with the same job share their claims.
 */
export async function serveTools({ baseUrl, apiKey }: Service): Promise<void> {
  const client = createClient(createAxiosTransport(baseUrl, apiKey), {
    platform: 'node',
    sleep: async (ms) => {
      await sleep(ms);
    },
  });
  const about = { name: 'onceonly', title: 'OnceOnly', version: published.version };
  // The low-level server takes JSON Schemas, which follow from the operations; the high-level one wants zod's.
  const { server } = new McpServer(about, { capabilities: { tools: {} }, instructions: INSTRUCTIONS });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(described) }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }) =>
    callTool(client, params.name, params.arguments ?? {}),
  );
  await server.connect(new StdioServerTransport());
}
