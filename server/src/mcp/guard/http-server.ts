import {
  StreamableHTTPClientTransport,
  StreamableHTTPError,
} from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { RequestId } from '@modelcontextprotocol/sdk/types.js';

/** The connection to the guarded server. */
export interface GuardedTransport extends Transport {
  /** Called for a request that will never be answered, even if the server is still running. */
  onlost?: (id: RequestId) => void;
}

/** How long to wait after the end of a stream, since its last message may still be on its way to the proxy. */
const LAST_WORDS_MS = 1_000;
/** The start of the library's error when it has given up a stream. */
const GIVEN_UP = 'Maximum reconnection attempts';

/**
 * Connects to a server by its URL. The library does not report a stream that ends before its answer, as when the server dies, so a
 * call would wait forever. Nor does it report that the server has forgotten the session, so every call would fail from then on.
 */
export function openHttp(url: URL, headers: Readonly<Record<string, string>>): GuardedTransport {
  /** Requests whose streams the library resumes. */
  const resumable = new Set<RequestId>();
  const interrupted = new Set<RequestId>();
  let forgotten: StreamableHTTPError | null = null;
  let sending = 0;

  const transport = new StreamableHTTPClientTransport(url, {
    requestInit: { headers },
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
      if (init?.method !== 'POST' || !isStream || response.body === null) return response;
      const { id } = JSON.parse(init.body as string) as { id?: RequestId };
      if (id === undefined) return response;
      const { status, statusText } = response;
      const watched = ReadableStream.from(
        untilEnd(response.body, () => {
          ended(id);
        }),
      );
      return new Response(watched, { status, statusText, headers: response.headers });
    },
  });
  const server: GuardedTransport = {
    start: () => transport.start(),
    close: () => transport.close(),
    setProtocolVersion: (version) => {
      transport.setProtocolVersion(version);
    },
    async send(message) {
      if (forgotten !== null) throw forgotten;
      const id = 'id' in message ? message.id : undefined;
      sending += 1;
      try {
        await transport.send(message, {
          onresumptiontoken: () => {
            if (id !== undefined) resumable.add(id);
          },
        });
      } catch (error) {
        const isForgotten = error instanceof StreamableHTTPError && error.code === 404;
        if (isForgotten && transport.sessionId !== undefined) forgotten = error;
        throw error;
      } finally {
        sending -= 1;
        // Closing makes the client start a new session, but only after its open requests were answered with the error.
        if (forgotten !== null && sending === 0) setImmediate(() => void transport.close());
      }
    },
  };

  function ended(id: RequestId): void {
    if (resumable.has(id)) interrupted.add(id);
    else setTimeout(() => server.onlost?.(id), LAST_WORDS_MS).unref();
  }

  transport.onmessage = (message) => {
    if ('id' in message && message.id !== undefined && !('method' in message)) {
      resumable.delete(message.id);
      interrupted.delete(message.id);
    }
    server.onmessage?.(message);
  };
  transport.onclose = () => server.onclose?.();
  transport.onerror = (error) => {
    server.onerror?.(error);
    if (!error.message.startsWith(GIVEN_UP)) return;
    for (const id of interrupted) {
      resumable.delete(id);
      server.onlost?.(id);
    }
    interrupted.clear();
  };
  return server;
}

/** Passes a stream on, and calls `ended` when it has ended or failed. */
async function* untilEnd(
  stream: ReadableStream<Uint8Array>,
  ended: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* stream;
  } finally {
    ended();
  }
}
