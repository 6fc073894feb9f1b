import { createClient, type Client, type ClientOptions } from '@onceonly/shared';
import { createAxiosTransport } from '../../server/src/mcp/axios-transport.ts';
import { openWorld, sqlite, type World } from '../world.ts';
import { createNetwork, createTime, type Network } from './faults.ts';

export interface Setting {
  readonly world: World;
  readonly network: Network;
  readonly time: ReturnType<typeof createTime>;
  readonly client: Client;
  /** The same, with no time to wait for a key in flight. */
  readonly hasty: Client;
  /** Another run, with a network of its own. */
  readonly other: Client;
  close(): Promise<void>;
}

/** A real server, the client, and a network between them that can be told to fail. */
export async function openSetting(
  service: 'own' | 'hosted' | 'hosted, duplicates as 409',
  options: Partial<ClientOptions> = {},
): Promise<Setting> {
  const hostedOnly = { duplicate409: service === 'hosted, duplicates as 409' };
  const world = await openWorld(sqlite, service === 'own' ? {} : { hostedOnly });
  const network = createNetwork();
  const time = createTime();
  const transport = createAxiosTransport(world.baseUrl, world.apiKey);
  const open = (more: Partial<ClientOptions>): Client =>
    createClient(network.through(transport), { platform: 'node', ...time, ...more });
  const client = open(options);
  const hasty = open({ deadlineMs: 5_000 });
  const other = createClient(transport, { platform: 'node', ...createTime(), deadlineMs: 5_000 });
  return { world, network, time, client, hasty, other, close: () => world.close() };
}
