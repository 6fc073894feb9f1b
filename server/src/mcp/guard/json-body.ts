import type { IncomingMessage } from 'node:http';

/** The longest message that is accepted. The library of the protocol has the same limit for messages that it reads itself. */
export const MESSAGE_BYTES = 4 * 1024 * 1024;

/**
 * Reads the body of a request as JSON; undefined if it is not JSON. Resolves with `too large` as soon as the limit is reached. The
 * rest of the body is then read but not kept, so that the client can read the answer.
 */
export function readJsonBody(request: IncomingMessage): Promise<{ readonly json: unknown } | 'too large'> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MESSAGE_BYTES) chunks.push(chunk);
      else {
        chunks = [];
        resolve('too large');
      }
    });
    request.on('end', () => {
      resolve({ json: parsed(Buffer.concat(chunks).toString()) });
    });
    // The client has gone, so the value does not matter.
    request.on('close', () => {
      resolve({ json: undefined });
    });
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
