import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/**
 * A port of this machine that nobody listens at. Somebody else may take it before it is used. Below 55,000, since a node
 * of a Redis cluster takes another one, 10,000 above.
 */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port < 55_000 ? port : freePort();
}
