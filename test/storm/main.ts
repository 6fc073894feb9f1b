import { parseArgs } from 'node:util';
import { openMake } from '../platforms/make.ts';
import { openZapier } from '../platforms/zapier.ts';
import { deliverStorm } from './deliveries.ts';
import { openHome } from './home.ts';
import { play } from './play.ts';
import { runWithClaim, runWithoutClaim } from './runs.ts';
import { judge, table } from './table.ts';

/**
 * `npm start`: the server, and a storm of duplicated webhooks against it. Every delivery is a Zap run of the built app,
 * run as Zapier runs it, and a run of the Make app's modules for a scenario of the same job. `--once` ends after the table, with an error if a record is missing or double.
 */
const { values } = parseArgs({
  options: { once: { type: 'boolean' }, events: { type: 'string', default: '100' } },
});

const { server, apiKey } = await openHome();
console.log(`OnceOnly listens at ${server.url}, with its data in ./data and an API key in ./data/api-key.\n`);

const platforms = await Promise.all(
  [openZapier, openMake].map((open) => open({ baseUrl: server.url, apiKey })),
);
const deliveries = deliverStorm(Number(values.events));
console.log(
  `A storm of ${String(deliveries.length)} GitHub webhooks. Each starts a Zap and a Make scenario of the same job:\n` +
    'claim → write a record → complete. Some first runs die just before their work.',
);

let told = 0;
const played = await play(deliveries, platforms, runWithClaim, (share) => {
  const percent = Math.floor(share * 10) * 10;
  if (percent > told) console.log(`  ${String(percent)} % of the runs have ended`);
  told = Math.max(told, percent);
});
const without = await play(deliveries, platforms, runWithoutClaim);
await Promise.all(platforms.map((platform) => platform.close()));

console.log(`\n${table(deliveries, played, without)}\n`);
console.log(
  `With the two steps it took ${played.seconds.toFixed(1)} s, waiting for the claims of dead runs included.`,
);
for (const message of new Set(played.tally.told)) console.error(`Unexpected: ${message}`);

const { missing, double } = judge(deliveries, played.records);
const good = missing === 0 && double === 0 && played.tally.told.length === 0;
console.log(good ? 'Every event was written exactly once.' : 'Some event was not written exactly once.');

if (values.once === true) {
  await server.close();
  process.exitCode = good ? 0 : 1;
} else {
  console.log(whatNext(server.url));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
}

function whatNext(url: string): string {
  return `
The server goes on. See it: ${url}/, sign in with the key in data/api-key.

Or ask it yourself:

  curl -s ${url}/v1/ai/lease -H "Authorization: Bearer $(cat data/api-key)" \\
    -H 'Content-Type: application/json' -d '{"key":"orders:1001","ttl":60}'

  Twice: the first answer says "acquired", the second "in_progress". The whole API: ${url}/openapi.json
  Zapier, n8n, Make: README.md says how to install each.

Ctrl+C stops it.`;
}
