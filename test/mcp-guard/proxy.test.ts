import type { Transport, TransportSendOptions } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js';
import type { Client } from '@onceonly/shared';
import { proxy, type ProxyOptions } from '../../server/src/mcp/guard/proxy.ts';

interface Sent {
  readonly message: JSONRPCMessage;
  readonly of: RequestId | undefined;
}

/** One end of a proxy, and what was sent to it. */
function end(): { readonly transport: Transport; readonly sent: Sent[]; says(message: object): void } {
  const sent: Sent[] = [];
  const transport: Transport = {
    start: () => Promise.resolve(),
    close: () => Promise.resolve(transport.onclose?.()),
    send: (message, options?: TransportSendOptions) => {
      sent.push({ message, of: options?.relatedRequestId });
      return Promise.resolve();
    },
  };
  return {
    transport,
    sent,
    says: (message) => transport.onmessage?.({ jsonrpc: '2.0', ...message } as JSONRPCMessage),
  };
}

/** A guard that guards no tool, so that nothing is asked of OnceOnly. */
const OPTIONS: ProxyOptions = {
  client: {} as Client,
  scope: 's',
  serverName: 'n',
  holdMinutes: 1,
  rememberDays: null,
  ifUnknown: 'refuse',
  failOpen: false,
  only: [],
  except: [],
  log: () => undefined,
};

const turn = () => new Promise(setImmediate);

async function setting() {
  const [client, server] = [end(), end()];
  const served = proxy(client.transport, server.transport, OPTIONS);
  await turn();
  return {
    ...{ client, server },
    async stop() {
      client.transport.onclose?.();
      server.transport.onclose?.();
      await served;
    },
  };
}

test('a token of progress counts as long as its call is under way, and goes with it', async () => {
  const { client, server, stop } = await setting();
  const call = (id: number, token?: number) => {
    const _meta = token === undefined ? {} : { progressToken: token };
    client.says({ id, method: 'tools/call', params: { name: 't', arguments: {}, _meta } });
  };
  call(1, 7);
  await turn();
  server.says({ id: 'onceonly:1', result: { tools: [{ name: 't' }] } });
  await turn();
  const progressOf = async (token: number): Promise<RequestId | undefined> => {
    const params = { progressToken: token, progress: 1 };
    server.says({ method: 'notifications/progress', params });
    await turn();
    return client.sent.at(-1)?.of;
  };
  call(2, 8);
  call(3);
  await turn();
  expect([await progressOf(7), await progressOf(8)]).toEqual([1, 2]);
  server.says({ id: 1, result: { content: [] } });
  await turn();
  expect([await progressOf(7), await progressOf(8)]).toEqual([undefined, 2]);
  await stop();
});

test('a server whose list of tools never ends is given up, and its tool is called all the same', async () => {
  const { client, server, stop } = await setting();
  client.says({ id: 1, method: 'tools/call', params: { name: 't', arguments: {} } });
  await turn();
  let pages = 0;
  const isCalled = () => server.sent.some(({ message }) => 'id' in message && message.id === 1);
  for (; !isCalled() && pages < 2_000; pages += 1) {
    const last = server.sent.at(-1)?.message as { readonly id: RequestId };
    server.says({ id: last.id, result: { tools: [{ name: `t${pages}` }], nextCursor: `${pages}` } });
    await turn();
  }
  expect(isCalled()).toBe(true);
  await stop();
});
