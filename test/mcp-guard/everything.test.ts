import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CreateMessageRequestSchema, type Progress } from '@modelcontextprotocol/sdk/types.js';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from '../../server/test/services/free-port.ts';
import { callsOf, folder, startGuard, type Guarded } from './guard.ts';

const root = join(import.meta.dirname, '../..');
const PROGRAM = join(root, 'server/bin/onceonly-server.js');
const EVERYTHING = join(root, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js');

let children: ChildProcess[] = [];
let clients: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  for (const child of children) child.kill('SIGKILL');
  clients = [];
  children = [];
});

const store = (): readonly string[] => ['--store', `sqlite:${join(folder(), 'guard.db')}`];

async function overStdio(): Promise<Guarded> {
  const guard = await startGuard({ options: store(), command: [process.execPath, EVERYTHING, 'stdio'] });
  clients.push(guard);
  return guard;
}

/** Starts a program, and waits until it says on its standard error that it listens. */
async function listening(args: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  children.push(child);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  while (!said.includes('listen')) await once(child.stderr, 'data');
}

/** A client over HTTP, of a guard that listens, of the same server over HTTP. */
async function overHttp(): Promise<Pick<Guarded, 'client' | 'call'>> {
  const [serverPort, guardPort] = [await freePort(), await freePort()];
  await listening([EVERYTHING, 'streamableHttp'], { PORT: String(serverPort) });
  const options = [
    ...store(),
    '--url',
    `http://127.0.0.1:${String(serverPort)}/mcp`,
    '--listen',
    String(guardPort),
  ];
  await listening(['--no-strip-types', PROGRAM, 'mcp', 'guard', ...options], {
    ONCEONLY_GUARD_TOKEN: 'secret',
  });
  const client = new Client({ name: 'test', version: '1' }, { capabilities: { sampling: {} } });
  const headers = { authorization: 'Bearer secret' };
  const url = new URL(`http://127.0.0.1:${String(guardPort)}/mcp`);
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
  clients.push(client);

  const stranger = new Client({ name: 'stranger', version: '1' });
  await expect(stranger.connect(new StreamableHTTPClientTransport(url) as Transport)).rejects.toThrow();
  return { ...callsOf(client), client };
}

test.each([
  ['standard input and output', overStdio],
  ['HTTP, on both sides', overHttp],
])('all that the protocol can do passes through, over %s', async (_, open) => {
  const { client, call } = await open();
  client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => ({
    ...{ role: 'assistant' as const, model: 'test' },
    content: { type: 'text' as const, text: `sampled ${String(params.messages.length)}` },
  }));
  expect(client.getServerVersion()?.name).toContain('everything');

  const { tools } = await client.listTools();
  expect(tools.length).toBeGreaterThan(8);
  const { prompts } = await client.listPrompts();
  expect(prompts.length).toBeGreaterThan(0);
  const { resources } = await client.listResources();
  const [first] = resources;
  expect((await client.readResource({ uri: first?.uri ?? '' })).contents).toHaveLength(1);
  // An error of the server arrives as one.
  await expect(client.getPrompt({ name: 'no such prompt' })).rejects.toThrow();

  const progress: Progress[] = [];
  const long = { name: 'trigger-long-running-operation', arguments: { duration: 1, steps: 3 } };
  await client.callTool(long, undefined, { onprogress: (each) => progress.push(each) });
  expect(progress.length).toBeGreaterThan(0);

  // Asked back in the middle of a call: by the server, through the guard, of this client.
  const sampled = await call('trigger-sampling-request', { prompt: 'Say it', maxTokens: 10 });
  expect(sampled.texts.join()).toContain('sampled 1');
  const again = await call('trigger-sampling-request', { prompt: 'Say it', maxTokens: 10 });
  expect(again.texts.at(-1)).toContain('this call was made at');

  const structured = { name: 'get-structured-content', arguments: { location: 'New York' } };
  const [one, other] = [await client.callTool(structured), await client.callTool(structured)];
  expect(other.structuredContent).toEqual(one.structuredContent);
});

test('a call that is cancelled is cancelled at the server, and its claim ends by itself', async () => {
  const { client, call } = await overStdio();
  const cancel = new AbortController();
  const long = { name: 'trigger-long-running-operation', arguments: { duration: 1, steps: 2 } };
  const cancelled = client.callTool(long, undefined, {
    signal: cancel.signal,
    onprogress: () => {
      cancel.abort();
    },
  });
  await expect(cancelled).rejects.toThrow();
  expect((await call('echo', { message: 'still here' })).texts).toEqual(['Echo: still here']);
});
