import { destination } from 'pino';
import { hashApiKey, newApiKeySecret, type ApiKey } from '../../api-keys.ts';
import { readConfig, type Service } from '../../config.ts';
import { startServer } from '../../server.ts';
import { openStore } from '../../store/open.ts';

export interface Embedded extends Service {
  close(): Promise<void>;
}

/**
 * Starts a server in this process on a store of its own. Only this process can use it, since its API key is made here and is not
 * stored anywhere.
 * @throws {ConfigError} if `store` is not the URL of a store; {StoreUnavailable} if it cannot be opened.
 */
export async function startEmbedded(store: string): Promise<Embedded> {
  const secret = newApiKeySecret();
  const only: ApiKey = {
    id: 'key_guard',
    tenant: 'mcp',
    role: 'automation',
    createdAt: Date.now(),
    revokedAt: null,
    hash: hashApiKey(secret),
  };
  const config = readConfig({
    ONCEONLY_STORE: store,
    ONCEONLY_PORT: '0',
    ONCEONLY_LOG_LEVEL: 'error',
    ONCEONLY_METRICS: 'off',
    ONCEONLY_RATE_LIMIT: '0',
  });
  const server = await startServer({
    config,
    // The standard output carries the protocol.
    log: destination(2),
    open: async (options) => {
      const opened = await openStore(config.store, options);
      const find = (hash: string): Promise<ApiKey | null> =>
        Promise.resolve(hash === only.hash ? only : null);
      return { ...opened, apiKeys: { ...opened.apiKeys, find } };
    },
  });
  return { baseUrl: server.url, apiKey: secret, close: () => server.close() };
}
