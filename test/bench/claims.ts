import autocannon from 'autocannon';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Connection } from '../platforms/platform.ts';

/**
 * `npm run bench -- claims`: claims of distinct keys over HTTP, our server beside the floor (the same framework, authentication and
 * validation, without a store), in turn, five rounds. Ratios are what counts; absolute figures move with the machine.
 */
const ROUNDS = 5;
const SECONDS = 4;

async function start(kind: 'store' | 'floor'): Promise<Connection & { stop: () => void }> {
  const child = fork(new URL('./serve.ts', import.meta.url), [kind]);
  const [connection] = (await once(child, 'message')) as [Connection];
  return {
    ...connection,
    stop: () => {
      child.disconnect();
    },
  };
}

let keys = 0;

async function claims(
  { baseUrl, apiKey }: Connection,
  connections: number,
): Promise<{ perSecond: number; p99: number }> {
  const result = await autocannon({
    url: baseUrl,
    connections,
    duration: SECONDS,
    requests: [
      {
        method: 'POST',
        path: '/v1/ai/lease',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        setupRequest: (request) => ({ ...request, body: `{"key":"bench:${String((keys += 1))}","ttl":60}` }),
      },
    ],
  });
  if (result.non2xx + result.errors > 0) throw new Error('The server refused a claim.');
  return { perSecond: result.requests.average, p99: result.latency.p99 };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const [store, floor] = await Promise.all([start('store'), start('floor')]);
console.log('connections   claims ÷ floor   claims/s   floor/s   p99 ÷ floor’s');
for (const connections of [1, 64, 256]) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push({ ours: await claims(store, connections), floor: await claims(floor, connections) });
  }
  const ratio = median(rounds.map((each) => each.ours.perSecond / each.floor.perSecond));
  const ours = median(rounds.map((each) => each.ours.perSecond));
  const theirs = median(rounds.map((each) => each.floor.perSecond));
  const p99 = median(rounds.map((each) => each.ours.p99 / Math.max(1, each.floor.p99)));
  console.log(
    [
      String(connections).padEnd(14),
      ratio.toFixed(2).padEnd(17),
      ours.toFixed(0).padEnd(11),
      theirs.toFixed(0).padEnd(10),
      p99.toFixed(1),
    ].join(''),
  );
}
store.stop();
floor.stop();
