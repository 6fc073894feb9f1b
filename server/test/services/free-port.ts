import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

const FIRST = 10_000;
const LAST = 19_999;
/** Each process that runs test files has ports of its own: one that was found free is not taken before it is used. */
const WORKERS = 8;
const OF_A_WORKER = (LAST + 1 - FIRST) / WORKERS;
const worker = Number(process.env['JEST_WORKER_ID'] ?? 1) % WORKERS;
/** Begins anywhere, since what the file before has left may still ask at its ports. */
let next = randomInt(OF_A_WORKER);

/**
 * A port of this machine that nobody listens at, so that a server may be started again at the same address. It is none of
 * those that a system gives to connections (from 32,768 on, on Linux), and leaves one 10,000 above free for a node of a
 * Redis cluster.
 */
export async function freePort(): Promise<number> {
  const port = FIRST + worker * OF_A_WORKER + next;
  next = (next + 1) % OF_A_WORKER;
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
