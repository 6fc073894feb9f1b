// A server of tools that leave a trace of each call in a file, one line a call, so that a test can count what was done.
import { appendFileSync } from 'node:fs';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

const [, , trace] = process.argv;
const server = new McpServer({ name: 'counting', version: '1.0.0' });
const done = (line) => {
  appendFileSync(trace, `${line}\n`);
  return { content: [{ type: 'text', text: `done ${line}` }] };
};

server.registerTool('pay', { inputSchema: { to: z.string(), more: z.any() } }, ({ to }) => done(`pay ${to}`));
server.registerTool('look', { inputSchema: {}, annotations: { readOnlyHint: true } }, () => done('look'));
server.registerTool('put', { inputSchema: {}, annotations: { idempotentHint: true } }, () => done('put'));
server.registerTool('refuse', { inputSchema: {} }, () => ({ ...done('refuse'), isError: true }));
// Ends in the middle of its work: whether it was done is known to nobody.
server.registerTool('die', { inputSchema: {} }, () => {
  done('die');
  process.exit(1);
});
// Begins, and goes on only when the test says so.
server.registerTool('slow', { inputSchema: {} }, async () => {
  appendFileSync(trace, 'slow begun\n');
  await new Promise((resolve) => void process.once('SIGUSR2', resolve));
  return done('slow');
});
server.registerTool('large', { inputSchema: {} }, () => {
  done('large');
  return { content: [{ type: 'text', text: 'x'.repeat(100_000) }] };
});
const text = z.string();
server.registerTool('report', { inputSchema: {}, outputSchema: { text } }, () => {
  done('report');
  return { content: [], structuredContent: { text: 'x'.repeat(100_000) } };
});
await server.connect(new StdioServerTransport());
appendFileSync(trace, `pid ${process.pid}\n`);
