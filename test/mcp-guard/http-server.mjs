// A server of tools over HTTP, which a test kills in the middle of a call, or makes forget its sessions.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';

const sessions = new Map();
const [, , answers] = process.argv;
// With ids on its events, a stream may be taken up again by the client; here there is nothing to hear then.
let events = 0;
const eventStore = {
  storeEvent: async (stream) => `${stream}_${(events += 1)}`,
  replayEventsAfter: async (id) => id.split('_')[0],
};

async function begin() {
  const transport = new StreamableHTTPServerTransport({
    enableJsonResponse: answers === 'json',
    ...(answers === 'resumable' ? { eventStore } : {}),
    sessionIdGenerator: () => randomUUID(),
    onsessioninitialized: (id) => void sessions.set(id, transport),
  });
  const tools = new McpServer({ name: 'upstream', version: '1.0.0' }, { capabilities: { logging: {} } });
  tools.registerTool('fast', {}, () => ({ content: [{ type: 'text', text: 'done' }] }));
  tools.registerTool('slow', {}, async ({ sendNotification }) => {
    // What a client hears of it has come over the stream of the answer.
    const params = { level: 'info', data: 'called' };
    await sendNotification({ method: 'notifications/message', params });
    console.log('called');
    return new Promise(() => undefined);
  });
  await tools.connect(transport);
  return transport;
}

const server = createServer(async (request, response) => {
  const id = request.headers['mcp-session-id'];
  if (id !== undefined && !sessions.has(id)) response.writeHead(404).end('Session not found');
  else await (sessions.get(id) ?? (await begin())).handleRequest(request, response);
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/mcp`));
process.stdin.on('data', () => {
  sessions.clear();
  console.log('forgotten');
});
