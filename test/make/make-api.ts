import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/*
 * A stand-in for the part of Make's API that deploys custom apps, in memory: GET, POST and PATCH of apps, connections,
 * webhooks and modules, GET and PUT of their sections. Paths and shapes are those of @makehq/sdk 1.6.10.
 */

export interface MakeApi {
  readonly zone: string;
  /** Every request that came: method and path. */
  readonly requests: string[];
  /** Sections by their path. */
  readonly sections: Map<string, { readonly type: string; readonly text: string }>;
  readonly modules: Map<string, Record<string, unknown>>;
  /** By the name that Make gave. */
  readonly webhooks: Map<string, Record<string, unknown>>;
  readonly apps: Record<string, unknown>[];
  /** How many of the next requests are refused for their rate. */
  refuseNext: number;
  close(): Promise<void>;
}

export async function openMakeApi(token: string): Promise<MakeApi> {
  const requests: string[] = [];
  const sections: MakeApi['sections'] = new Map();
  const modules: MakeApi['modules'] = new Map();
  const webhooks: MakeApi['webhooks'] = new Map();
  const apps: Record<string, unknown>[] = [];
  const connections: Record<string, unknown>[] = [];
  const api = { refuseNext: 0 };

  function answer(method: string, path: string, body: string, type: string): [number, unknown] {
    const json = (): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;
    const whole = path.slice('/api/v2/sdk/apps'.length);
    if (whole === '') {
      if (method === 'GET') return [200, { apps }];
      const app = {
        ...json(),
        name: `${String(json()['name'])}-k3x9`,
        version: 1,
        public: false,
        approved: false,
      };
      apps.push(app);
      return [200, { app }];
    }
    if (/^\/[\w-]+\/connections$/.test(whole)) {
      if (method === 'GET') return [200, { appConnections: connections }];
      const appConnection = { ...json(), name: 'onceonly-k3x9' };
      connections.push(appConnection);
      return [200, { appConnection }];
    }
    if (/^\/[\w-]+\/webhooks$/.test(whole)) {
      if (method === 'GET') return [200, { appWebhooks: [...webhooks.values()] }];
      const name = `onceonly-k3x9${String(webhooks.size + 1)}`;
      const appWebhook = { ...json(), name };
      webhooks.set(name, appWebhook);
      return [200, { appWebhook }];
    }
    const webhook = /^\/webhooks\/([\w-]+)$/.exec(whole)?.[1];
    if (webhook !== undefined && method === 'PATCH') {
      const appWebhook = { ...webhooks.get(webhook), ...json() };
      webhooks.set(webhook, appWebhook);
      return [200, { appWebhook }];
    }
    if (/^\/[\w-]+\/1\/modules$/.test(whole)) {
      if (method === 'GET') return [200, { appModules: [...modules.values()] }];
      const appModule = { ...json(), public: false, approved: false, crud: null };
      modules.set(String(json()['name']), appModule);
      return [200, { appModule }];
    }
    const module = /^\/[\w-]+\/1\/modules\/(\w+)$/.exec(whole)?.[1];
    if (module !== undefined && method === 'PATCH') {
      const appModule = { ...modules.get(module), ...json() };
      modules.set(module, appModule);
      return [200, { appModule }];
    }
    if (method === 'PUT') {
      sections.set(whole, { type, text: body });
      return [200, { changed: true }];
    }
    // A component that was made a moment ago holds empty sections.
    return [200, sections.get(whole)?.text ?? '{}'];
  }

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      requests.push(`${request.method ?? ''} ${path}`);
      const [status, contents] = ((): [number, unknown] => {
        if (api.refuseNext > 0) {
          api.refuseNext -= 1;
          return [429, { message: 'Requests limit for organization exceeded.' }];
        }
        // Make's errors may repeat what came.
        if (
          request.headers.authorization !== `Bearer ${token}` &&
          request.headers.authorization !== `Token ${token}`
        )
          return [401, { message: `Access denied for ${String(request.headers.authorization)}.` }];
        return answer(request.method ?? '', path, body, request.headers['content-type'] ?? '');
      })();
      const isReadme = path.endsWith('/readme') && request.method === 'GET';
      response.writeHead(status, { 'content-type': isReadme ? 'text/markdown' : 'application/json' });
      response.end(typeof contents === 'string' ? contents : JSON.stringify(contents));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    zone: `127.0.0.1:${String(port)}`,
    requests,
    sections,
    modules,
    webhooks,
    apps,
    get refuseNext() {
      return api.refuseNext;
    },
    set refuseNext(count: number) {
      api.refuseNext = count;
    },
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => {
          done();
        });
      }),
  };
}
