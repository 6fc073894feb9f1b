import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createApiKey } from '../../server/src/api-keys.ts';
import { readConfig } from '../../server/src/config.ts';
import { startServer } from '../../server/src/server.ts';
import { openStore } from '../../server/src/store/open.ts';
import { sqlite } from '../world.ts';

/** A process of its own: our server on SQLite, which says how long its event loop stood still when it is asked. */
const file = await sqlite();
const settings = { ONCEONLY_PORT: '0', ONCEONLY_LOG_LEVEL: 'silent', ONCEONLY_RATE_LIMIT: '0' };
const server = await startServer({ config: readConfig({ ...settings, ONCEONLY_STORE: file.url }) });
const store = await openStore(file.url, { clock: Date.now });
const { secret: apiKey } = await createApiKey(store.apiKeys, { tenant: 'acme', role: 'operator' });
await store.close();

const RESOLUTION_MS = 1;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

/** Processor time of this thread, in milliseconds. */
function spent(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
let longestCpuMs = 0;
let before = spent();
function turn(): void {
  const now = spent();
  longestCpuMs = Math.max(longestCpuMs, now - before);
  before = now;
  setTimeout(turn, RESOLUTION_MS);
}
turn();

process.on('message', () => {
  // What stood still until now shows with the next turn.
  setTimeout(tell, 5 * RESOLUTION_MS);
});
function tell(): void {
  process.send?.({ longestMs: delay.max / 1e6 - RESOLUTION_MS, cpuMs: longestCpuMs });
  delay.reset();
  longestCpuMs = 0;
}
process.send?.({ baseUrl: server.url, apiKey });
process.on('disconnect', () => {
  void file.close().finally(() => process.exit());
});
