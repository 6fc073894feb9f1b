import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * A port of this machine that nobody listens at, so that a server may be started again at the same address. It is none of
 * those that a system gives to connections (from 32,768 on, on Linux), and leaves one 10,000 above free for a node of a
 * Redis cluster.
 */
export async function freePort(): Promise<number> {
  const port = randomInt(10_000, 20_000);
  const probe = createServer();
  try {
    await once(probe.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return freePort();
  }
  probe.close();
  await once(probe, 'close');
  return port;
}
