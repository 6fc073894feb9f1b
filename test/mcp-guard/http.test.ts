import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { readFileSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { listen } from '../../server/src/mcp/guard/listen.ts';
import { counting, startGuard, type Guarded } from './guard.ts';
import { startListening, startUpstream, store, type Listener } from './http.ts';

const stopping: { stop(): void }[] = [];
const guards: Guarded[] = [];
afterEach(async () => {
  await Promise.all(guards.splice(0).map((each) => each.close()));
  for (const each of stopping.splice(0)) each.stop();
});

async function listening(command: readonly string[]): Promise<Listener> {
  const guard = await startListening({ command });
  stopping.push(guard);
  return guard;
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  return client;
}

const processes = (lines: readonly string[]): number => lines.filter((line) => line.startsWith('pid')).length;

test('clients that name a scope in the address share what was done in it, in each of their connections', async () => {
  const { command, lines } = counting();
  const { url } = await listening(command);
  const pay = { name: 'pay', arguments: { to: 'Ada' } };
  for (const scope of ['?scope=order-7', '?scope=order-7', '?scope=order-8', '', '']) {
    const client = await connect(`${url}${scope}`);
    await client.callTool(pay);
    await client.close();
  }
  expect(lines().filter((line) => line.startsWith('pay'))).toHaveLength(4);
  for (const nothing of ['', 'undefined', '%20'])
    await expect(connect(`${url}?scope=${nothing}`)).rejects.toThrow('“scope” in the address is empty.');
});

test('only a client that initializes gets a process of the server that is guarded', async () => {
  const { command, lines } = counting();
  const { url } = await listening(command);
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const list = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  for (const init of [{ headers }, { headers, method: 'POST', body: list }, { method: 'POST', body: '{' }])
    expect((await fetch(url, init)).status).toBe(400);
  await (await connect(url)).close();
  expect(processes(lines())).toBe(1);
});

test('a message without an end is refused once it is too long, and others go on', async () => {
  const { command, lines } = counting();
  const { url } = await listening(command);
  const client = await connect(url);
  const session = (client.transport as StreamableHTTPClientTransport).sessionId ?? '';
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  for (const more of [{}, { 'mcp-session-id': session }]) {
    let sent = 0;
    const body = ReadableStream.from(
      (async function* () {
        yield Buffer.from('{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"x":"');
        for (; sent < 200; sent += 1) yield await Promise.resolve(Buffer.alloc(1024 * 1024, 'x'));
        yield Buffer.from('"}}');
      })(),
    );
    const init = { method: 'POST', headers: { ...headers, ...more }, body, duplex: 'half' } as RequestInit;
    expect((await fetch(url, init)).status).toBe(413);
  }
  expect((await client.listTools()).tools).not.toHaveLength(0);
  await client.close();
  expect(processes(lines())).toBe(1);
});

test('an address that is none ends no session of others', async () => {
  const { command } = counting();
  const { url } = await listening(command);
  const client = await connect(url);
  const socket = connectSocket(Number(new URL(url).port), '127.0.0.1');
  socket.write('GET // HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
  expect((await client.listTools()).tools).not.toHaveLength(0);
});

/** A guard whose sessions answer every request, and the number of those that have ended. */
async function listenHere(limits: NonNullable<Parameters<typeof listen>[0]['limits']>) {
  const stop = new AbortController();
  const log: string[] = [];
  const ended: string[] = [];
  const listening = Promise.withResolvers<string>();
  const served = listen(
    { host: '127.0.0.1', port: 0, token: null, limits, onListening: listening.resolve },
    async (transport) => {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      transport.onmessage = (message) => {
        if (!('method' in message) || !('id' in message)) return;
        const result = {
          protocolVersion: '2025-06-18',
          capabilities: {},
          serverInfo: { name: 's', version: '1' },
        };
        void transport.send({ jsonrpc: '2.0', id: message.id, result });
      };
      transport.onclose = () => {
        ended.push('ended');
        resolve(undefined);
      };
      await promise;
    },
    { stop: stop.signal, log: (line) => void log.push(line) },
  );
  const url = await listening.promise;
  const initialize = {
    ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } },
  };
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const post = (body: string, session?: string): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: { ...headers, ...(session && { 'mcp-session-id': session }) },
      body,
    });
  return {
    ended,
    log,
    begin: () => post(JSON.stringify(initialize)),
    /** The status of a request in a session: 404 if the session has ended. */
    known: async (session: string): Promise<number> => (await post('{}', session)).status,
    stream: (session: string) => fetch(url, { headers: { ...headers, 'mcp-session-id': session } }),
    async close() {
      stop.abort();
      await served;
    },
  };
}

const sessionOf = (answer: Response): string => answer.headers.get('mcp-session-id') ?? '';

test('a session ends once its client is gone, though hardly a client says so', async () => {
  const guard = await listenHere({ sessions: 10, shortIdleMs: 20, longIdleMs: 600_000 });
  const begun = async () => {
    const answer = await guard.begin();
    await answer.text();
    return { session: sessionOf(answer), stream: await guard.stream(sessionOf(answer)) };
  };
  const stays = await begun();
  const goes = await begun();
  await goes.stream.body?.cancel();
  while (guard.ended.length === 0) await sleep(5);
  expect(guard.ended).toHaveLength(1);
  expect([await guard.known(goes.session), await guard.known(stays.session)]).toEqual([404, 400]);
  await stays.stream.body?.cancel();
  await guard.close();
});

test('a client beyond the most sessions is refused in a sentence, and those that are open go on', async () => {
  const guard = await listenHere({ sessions: 2, shortIdleMs: 600_000, longIdleMs: 600_000 });
  const [first, second] = [await guard.begin(), await guard.begin()];
  await Promise.all([first.text(), second.text()]);
  const third = await guard.begin();
  expect([third.status, third.headers.get('retry-after')]).toEqual([503, '60']);
  const why = 'The guard has 2 sessions, and takes no more until one of them ends.';
  expect([await third.text(), guard.log]).toEqual([why, [why]]);
  expect([await guard.known(sessionOf(first)), await guard.known(sessionOf(second))]).toEqual([400, 400]);
  await guard.close();
});

test('beyond the most sessions, the one that has been idle for longest makes room', async () => {
  const guard = await listenHere({ sessions: 2, shortIdleMs: 0, longIdleMs: 600_000 });
  const first = await guard.begin();
  await first.text();
  const second = await guard.begin();
  await second.text();
  const third = await guard.begin();
  await third.text();
  expect(third.status).toBe(200);
  expect(await guard.known(sessionOf(first))).toBe(404);
  expect([await guard.known(sessionOf(second)), await guard.known(sessionOf(third))]).toEqual([400, 400]);
  await guard.close();
});

test('a client is told where the server cannot be started, and the guard goes on', async () => {
  const { url, hears } = await listening(['no-such-command']);
  const told = hears(/could not be started: spawn no-such-command/);
  for (let time = 1; time <= 2; time += 1)
    await expect(connect(url)).rejects.toThrow('ended before it answered');
  await told;
});

test.each([
  ['a stream', 'stream'],
  ['a stream that can be taken up again', 'resumable'],
  ['one document', 'json'],
] as const)(
  'a server over HTTP that dies in the middle of a call that it would answer with %s: nobody knows, and the caller is told',
  async (_, answers) => {
    const upstream = await startUpstream(answers);
    stopping.push(upstream);
    const guard = await startGuard({ options: [...store(), '--url', upstream.url] });
    guards.push(guard);
    const heard = Promise.withResolvers<unknown>();
    guard.client.setNotificationHandler(LoggingMessageNotificationSchema, heard.resolve);
    const called = guard.call('slow');
    await (answers === 'json' ? upstream.hears(/called/) : heard.promise);
    upstream.stop();
    expect(await called).toMatchObject({
      isError: true,
      texts: [expect.stringContaining('nobody knows whether it was done')],
    });
    const again = await guard.call('slow');
    expect(again.texts[0]).toContain('It was not made again.');
  },
);

test('a server over HTTP that has forgotten the session ends the connection, so that the client begins anew', async () => {
  const upstream = await startUpstream();
  stopping.push(upstream);
  const guard = await startGuard({ options: [...store(), '--url', upstream.url] });
  const closed = Promise.withResolvers<undefined>();
  guard.client.onclose = () => {
    closed.resolve(undefined);
  };
  await upstream.forget();
  // The guard's answer, or the end of the guard, whichever the client sees first.
  await expect(guard.call('fast')).rejects.toThrow(
    /Session not found|The connection to the server is closed|Connection closed/,
  );
  await closed.promise;
});

test('the server that is guarded is not given the key of OnceOnly', async () => {
  const { command, lines } = counting();
  const guard = await startGuard({
    options: store(),
    command,
    env: { ONCEONLY_API_KEY: 'once_live_x', ONCEONLY_GUARD_TOKEN: 'secret', COLOUR: 'red' },
  });
  guards.push(guard);
  const pid = lines()[0]?.slice('pid '.length) ?? '';
  const env = readFileSync(`/proc/${pid}/environ`, 'utf8');
  expect(env).toContain('COLOUR=red');
  expect(env).not.toMatch(/once_live_x|secret/);
});
