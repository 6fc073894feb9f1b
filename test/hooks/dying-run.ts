/** A run of its own process that claims a key, and is to be killed before it completes it. */
const [baseUrl = '', apiKey = '', key = ''] = process.argv.slice(2);

const response = await fetch(`${baseUrl}/v1/ai/lease`, {
  method: 'POST',
  headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
  body: JSON.stringify({ key, ttl: 60, holder: 'run-1/step-1', run: 'run-1' }),
});
const { status } = (await response.json()) as { status: string };
process.stdout.write(`${status}\n`);
setInterval(() => undefined, 60_000);
