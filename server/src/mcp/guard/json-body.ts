import type { IncomingMessage } from 'node:http';

/** How long a message may be. The protocol's library takes as much, of those that it reads itself. */
export const MESSAGE_BYTES = 4 * 1024 * 1024;

/**
 * The value of a body that is JSON, undefined where it is none; `too large` as soon as it is, when nothing more of it is kept. What
 * still comes is dropped, so that the client reads the answer.
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
    // Nobody is there to be answered.
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
