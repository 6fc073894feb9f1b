import { createApiKey, type Role } from '../../server/src/api-keys.ts';
import { readConfig } from '../../server/src/config.ts';
import { playContract, type Finding } from '../../server/src/conformance/play.ts';
import { startServer } from '../../server/src/server.ts';
import { openStore } from '../../server/src/store/open.ts';
import { asHosted, type HostedOnly } from '../hosted-api.ts';
import type { OpenStoreUnderTest } from '../world.ts';

interface PlayOptions {
  readonly hostedOnly?: HostedOnly;
}

/** `use` on a real server, which is on the real time that a stranger's server is on, with an API key of the role. */
export async function withServer<T>(
  open: OpenStoreUnderTest,
  role: Role,
  { hostedOnly }: PlayOptions,
  use: (url: string, apiKey: string) => Promise<T>,
): Promise<T> {
  const under = await open();
  const env = { ONCEONLY_PORT: '0', ONCEONLY_STORE: under.url, ONCEONLY_LOG_LEVEL: 'silent' };
  const server = await startServer({
    ...(hostedOnly && { extend: asHosted(hostedOnly) }),
    config: readConfig(env),
  });
  const store = await openStore(under.url, { clock: Date.now });
  try {
    const { secret } = await createApiKey(store.apiKeys, { tenant: 'acme', role });
    const done = await use(server.url, secret);
    const query = { tenant: 'acme', prefix: '', status: 'in_progress', limit: 100, cursor: null } as const;
    // Nothing is left that would die later.
    expect((await store.claims.list(query)).items).toEqual([]);
    return done;
  } finally {
    await store.close();
    await server.close();
    await under.close();
  }
}

export const playOn = (
  open: OpenStoreUnderTest,
  role: Role,
  options: PlayOptions = {},
): Promise<readonly Finding[]> => withServer(open, role, options, playContract);

/** The promises of one verdict, with the reasons. */
export const ofVerdict = (findings: readonly Finding[], verdict: Finding['verdict']) =>
  findings.filter((finding) => finding.verdict === verdict);
