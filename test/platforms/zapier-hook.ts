import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as Zapier hands it to a trigger's `perform`. */
export interface RawRequest {
  readonly method: string;
  readonly querystring: string;
  /** Camel-Case, and with `Http-` in front of all but the content's own. */
  readonly headers: Readonly<Record<string, string>>;
  readonly content: string;
}

/** A URL as Zapier gives one to each Zap: real HTTP, answered at once, whatever the app makes of it later. */
export interface ZapierHook {
  readonly url: string;
  readonly received: readonly RawRequest[];
  close(): Promise<void>;
}

export async function openZapierHook(): Promise<ZapierHook> {
  const received: RawRequest[] = [];
  const listener = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [, querystring = ''] = (request.url ?? '').split('?');
      received.push({
        method: request.method ?? '',
        querystring,
        headers: Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [asZapierNames(name), String(value)]),
        ),
        content: Buffer.concat(chunks).toString(),
      });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"success"}');
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((listener.address() as AddressInfo).port)}/hooks/standard/1/abc/`,
    received,
    close: async () => {
      listener.closeAllConnections();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

function asZapierNames(name: string): string {
  const camel = name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
  return ['Content-Type', 'Content-Length'].includes(camel) ? camel : `Http-${camel}`;
}
