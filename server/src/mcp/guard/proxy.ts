import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { messageOf } from '../../error-message.ts';
import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type JSONRPCRequest,
  type RequestId,
} from '@modelcontextprotocol/sdk/types.js';
import type { JsonObject } from '@onceonly/shared';
import { asText, isObject } from '@onceonly/shared/json.ts';
import { ConfigError } from '../../config.ts';
import { guardCall, type CallOutcome, type GuardOptions } from './guard-call.ts';
import type { GuardedTransport } from './http-server.ts';
import { asGuarded, isGuarded, type Chosen } from './tools.ts';

export interface ProxyOptions extends GuardOptions, Chosen {
  /** The name of the server in keys. */
  readonly serverName: string;
}

/** How long to wait for a call that the server is working on after the client has gone. */
const CLOSING_MS = 30_000;
/** The most pages of tools that are read. Without it, a server that always names a next page would be asked without end. */
const TOOL_PAGES = 1_000;
/** The JSON-RPC error code with which the protocol's library reports a closed connection. */
const CONNECTION_CLOSED = -32_000;

/**
 * Passes all messages between a client and a server on unchanged, so that it supports all of the protocol, also future versions. It
 * handles only calls of guarded tools, and the list of tools, to which it adds one argument. Resolves when the client or the
 * server has closed the connection and all calls have ended.
 */
export async function proxy(
  client: Transport,
  server: GuardedTransport,
  options: ProxyOptions,
): Promise<void> {
  /** Requests of the client that the server has not answered: their method, and who waits for the answer here. */
  const open = new Map<
    RequestId,
    { readonly method: string; readonly answered?: (outcome: CallOutcome) => void }
  >();
  const calls = new Map<RequestId, { readonly gone: AbortController; readonly ended: Promise<void> }>();
  /** The tokens of calls that the server is at, and those calls. */
  const progress = new Map<RequestId, RequestId>();
  let tools: Promise<ReadonlyMap<string, JsonObject>> | null = null;
  let asked = 0;
  let isClosed = false;
  const { promise: closed, resolve: close } = Promise.withResolvers<undefined>();

  /** Sends a request of the proxy itself, or a guarded call, and waits for its outcome. */
  function ask(request: JSONRPCRequest): Promise<CallOutcome> {
    const { promise, resolve } = Promise.withResolvers<CallOutcome>();
    if (isClosed) return Promise.resolve({ kind: 'not made', error: closedError });
    open.set(request.id, { method: request.method, answered: resolve });
    server.send(request).catch((error: unknown) => {
      open.delete(request.id);
      resolve(isUnsent(error) ? notMade(messageOf(error)) : { kind: 'unknown' });
    });
    return promise;
  }

  /** Reads all pages of the server's list of tools. */
  async function listTools(): Promise<ReadonlyMap<string, JsonObject>> {
    const found = new Map<string, JsonObject>();
    let cursor: unknown;
    let pages = 0;
    do {
      if ((pages += 1) > TOOL_PAGES) throw new Error('The server does not stop telling which tools it has.');
      const id = `onceonly:${String((asked += 1))}`;
      const params = cursor === undefined ? {} : { cursor };
      const outcome = await ask({ jsonrpc: '2.0', id, method: 'tools/list', params });
      if (outcome.kind !== 'result') throw new Error('The server did not say which tools it has.');
      for (const tool of toolsIn(outcome.result)) found.set(asText(tool['name']), tool);
      cursor = outcome.result['nextCursor'];
    } while (typeof cursor === 'string');
    return found;
  }

  async function toolNamed(name: string): Promise<JsonObject> {
    tools ??= listTools();
    try {
      // A tool that the server does not list is guarded, since it may write.
      return (await tools).get(name) ?? { name };
    } catch {
      tools = null;
      return { name };
    }
  }

  async function call(request: JSONRPCRequest, gone: AbortSignal): Promise<void> {
    const params = (request.params ?? {}) as JsonObject;
    const name = asText(params['name']);
    const given = isObject(params['arguments']) ? params['arguments'] : {};
    const passOn = async (args: JsonObject): Promise<CallOutcome> => {
      const token = request.params?._meta?.progressToken;
      if (token !== undefined) progress.set(token, request.id);
      const outcome = await ask({ ...request, params: { ...params, arguments: args } });
      if (token !== undefined && progress.get(token) === request.id) progress.delete(token);
      return outcome;
    };
    const tool = await toolNamed(name);
    const isStructured = isObject(tool['outputSchema']);
    const answer = isGuarded(tool, options)
      ? await guardCall(options, {
          server: options.serverName,
          tool: name,
          isStructured,
          given,
          gone,
          passOn,
        })
      : await passOn(given);
    const { id } = request;
    if (answer === null) {
      // The client has gone, or the server ended while this call waited for another one.
      if (isClosed) await send({ jsonrpc: '2.0', id, error: closedError });
      return;
    }
    if (answer.kind === 'result') await send({ jsonrpc: '2.0', id, result: answer.result });
    else {
      const error = answer.kind === 'unknown' ? lost() : answer.error;
      await send({ jsonrpc: '2.0', id, error } as JSONRPCMessage);
    }
  }

  async function send(message: JSONRPCMessage): Promise<void> {
    try {
      await client.send(message, { relatedRequestId: relatedTo(message) });
    } catch (error) {
      options.log(`The client could not be answered: ${messageOf(error)}`);
    }
  }

  /** Over HTTP, a message goes out with the answer that it is about: its own request, the one of its progress, the only one. */
  function relatedTo(message: JSONRPCMessage): RequestId | undefined {
    if (!('method' in message)) return undefined;
    const token = (message.params as JsonObject | undefined)?.['progressToken'] as RequestId | undefined;
    const [only, ...others] = open.keys();
    return (
      (token === undefined ? undefined : progress.get(token)) ?? (others.length === 0 ? only : undefined)
    );
  }

  client.onmessage = (message) => {
    if (isJSONRPCRequest(message) && message.method === 'tools/call') {
      const gone = new AbortController();
      const ended = call(message, gone.signal).finally(() => calls.delete(message.id));
      calls.set(message.id, { gone, ended });
      return;
    }
    if (isJSONRPCNotification(message) && message.method === 'notifications/cancelled') {
      const id = (message.params as { requestId?: RequestId } | undefined)?.requestId;
      if (id !== undefined) {
        calls.get(id)?.gone.abort();
        // A call that waits for another was not passed on: the server does not know it.
        if (calls.has(id) && !open.has(id)) return;
      }
    }
    if (isJSONRPCRequest(message)) open.set(message.id, { method: message.method });
    server.send(message).catch((error: unknown) => {
      if (!isJSONRPCRequest(message)) return;
      open.delete(message.id);
      void send({
        jsonrpc: '2.0',
        id: message.id,
        error: { code: CONNECTION_CLOSED, message: messageOf(error) },
      });
    });
  };

  server.onmessage = (message) => {
    if (isJSONRPCNotification(message) && message.method === 'notifications/tools/list_changed') tools = null;
    if ((isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)) && message.id !== undefined) {
      const request = open.get(message.id);
      open.delete(message.id);
      if (request?.answered !== undefined) {
        request.answered(
          'result' in message
            ? { kind: 'result', result: message.result as JsonObject }
            : { kind: 'error', error: message.error as unknown as JsonObject },
        );
        return;
      }
      if ('result' in message) {
        if (request?.method === 'initialize') {
          const { protocolVersion } = message.result as JsonObject;
          if (typeof protocolVersion === 'string') server.setProtocolVersion?.(protocolVersion);
        }
        if (request?.method === 'tools/list') {
          const listed = toolsIn(message.result as JsonObject).map((tool) =>
            isGuarded(tool, options) ? asGuarded(tool) : tool,
          );
          void send({ ...message, result: { ...message.result, tools: listed } });
          return;
        }
      }
    }
    void send(message);
  };

  /** A request that the server will not answer has no known outcome. */
  server.onlost = (id) => {
    const request = open.get(id);
    if (request === undefined) return;
    open.delete(id);
    if (request.answered === undefined) void send({ jsonrpc: '2.0', id, error: lost() });
    else request.answered({ kind: 'unknown' });
  };
  server.onclose = () => {
    isClosed = true;
    for (const id of [...open.keys()]) server.onlost?.(id);
    close(undefined);
  };
  client.onclose = () => {
    close(undefined);
  };
  const report = (error: Error): void => {
    options.log(messageOf(error));
  };
  client.onerror = report;
  server.onerror = report;

  await server.start().catch((error: unknown) => {
    // Requests that came meanwhile are answered with an error.
    server.onclose?.();
    throw new ConfigError(`The server that is guarded could not be started: ${messageOf(error)}`);
  });
  await client.start();
  await closed;
  for (const [id, { gone }] of calls) if (!open.has(id)) gone.abort();
  // Running calls are awaited, so that later equal calls get their results.
  const ending = setTimeout(() => void server.close(), CLOSING_MS);
  await Promise.all([...calls.values()].map(({ ended }) => ended));
  clearTimeout(ending);
  await Promise.all([server.close(), client.close()]);
}

const toolsIn = (result: JsonObject): readonly JsonObject[] =>
  Array.isArray(result['tools']) ? (result['tools'] as unknown[]).filter(isObject) : [];

const lost = () => ({
  code: CONNECTION_CLOSED,
  message: 'The connection to the server ended before it answered.',
});

const closedError = { code: CONNECTION_CLOSED, message: 'The connection to the server is closed.' };

const notMade = (message: string): CallOutcome => ({
  kind: 'not made',
  error: { code: CONNECTION_CLOSED, message },
});

/** Whether a request certainly did not reach the tool: the server was not there, or refused the request as such. */
function isUnsent(error: unknown): boolean {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  const why = cause?.code ?? code;
  return (
    why === 'ECONNREFUSED' || why === 'ENOTFOUND' || (typeof why === 'number' && why >= 400 && why < 500)
  );
}
