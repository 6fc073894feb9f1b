import { createHash, randomBytes } from 'node:crypto';
import { destination } from 'pino';
import type { ApiKey } from '../../api-keys.ts';
import { readConfig, type Service } from '../../config.ts';
import { startServer } from '../../server.ts';
import { openStore } from '../../store/open.ts';

export interface Embedded extends Service {
  close(): Promise<void>;
}

/**
 * A server on a store of one's own, in this process, that takes requests of this process only: by an API key that was made
 * for it, and is kept nowhere.
 * @throws {ConfigError} where `store` is no address of one; {StoreUnavailable} where it cannot be opened.
 */
export async function startEmbedded(store: string): Promise<Embedded> {
  const secret = `once_live_${randomBytes(32).toString('base64url')}`;
  const only: ApiKey = {
    id: 'key_guard',
    tenant: 'mcp',
    role: 'automation',
    createdAt: Date.now(),
    revokedAt: null,
    hash: createHash('sha256').update(secret).digest('hex'),
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
    // The standard output is the protocol's.
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
