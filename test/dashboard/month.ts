import type { Setting } from './setting.ts';

const DAY_MS = 86_400_000;
const DAYS = 30;

interface Claimed {
  readonly key: string;
  readonly lease_id: string | null;
}

const JOBS: readonly (readonly [job: string, weight: number, origin: object])[] = [
  ['send invoice', 5, { platform: 'n8n', workflow: 'Invoices' }],
  ['charge card', 4, { platform: 'n8n', workflow: 'Order intake' }],
  ['notify Slack', 3, { platform: 'make' }],
  ['create HubSpot contact', 2, { platform: 'zapier' }],
];

/** Where a run of a key is: n8n's are linked. */
function originOf(key: string, execution: number): object | undefined {
  const [, , origin] = JOBS.find(([job]) => key.startsWith(`${job}:`)) ?? [];
  const url = `https://n8n.acme.example/workflow/kQ3/executions/${String(execution)}`;
  return origin && 'workflow' in origin ? { ...origin, url } : origin;
}

/** When the month begins, so that it ends on a November morning. */
export const MONTH_START = Date.parse('2026-11-25T09:00:00Z') - (DAYS - 1) * DAY_MS;

/** A month of a business with thirty automations: quiet Sundays, one bad Friday, a few runs that died. */
export async function playMonth({ world, post }: Setting): Promise<void> {
  for (let day = 0; day < DAYS; day += 1) {
    await playDay(post, day);
    if (day < DAYS - 1) world.advance(DAY_MS);
  }
  await ask(post, world);
}

async function playDay(post: Setting['post'], day: number): Promise<void> {
  const isSunday = day % 7 === 4;
  const isBad = day === 23;
  const events = JOBS.flatMap(([job, weight]) => {
    const count = Math.round(weight * (isSunday ? 0.4 : 1) * (1.6 + Math.sin(day) + (day % 3) / 3));
    return Array.from({ length: count }, (_, index) => `${job}:evt_${1_000 + day * 40 + index}`);
  });
  const claims = await claim(post, events, 'first');
  const repeated = events.filter((_, index) => isBad || (index * 7 + day) % 5 < 2);
  await claim(post, repeated, 'again');
  if (isBad) await claim(post, repeated, 'and again');
  for (const [index, { key, lease_id }] of claims.entries()) {
    if ((index * 11 + day) % (isBad ? 4 : 23) === 0) {
      await post('/v1/ai/fail', { key, lease_id, error_code: 'HTTP 502 from the CRM', retryable: true });
      const [retried] = await claim(post, [key], 'retry', { max_attempts: isBad ? 1 : 5 });
      if (retried?.lease_id) await complete(post, retried);
    } else await complete(post, { key, lease_id });
  }
}

let executions = 0;

async function claim(
  post: Setting['post'],
  keys: readonly string[],
  run: string,
  more: object = {},
): Promise<readonly Claimed[]> {
  const items = keys.map((key) => ({
    key,
    origin: originOf(key, (executions += 1)),
    holder: `${run} ${key}`,
    ...more,
  }));
  if (items.length === 0) return [];
  const answer = await post('/v1/ai/lease/batch', { items });
  return answer['items'] as Claimed[];
}

const complete = (post: Setting['post'], { key, lease_id }: Claimed): Promise<unknown> =>
  post('/v1/ai/complete', { key, lease_id, result: { sent: true, id: `in_${key.slice(-4)}` } });

/** Two that nobody may take over, one that the next run did take over, and what happened in the last minutes. */
async function ask(post: Setting['post'], world: Setting['world']): Promise<void> {
  const asking = ['charge card:ch_3PqX81', 'send invoice:inv_2044'];
  await claim(post, asking, 'zap', { ttl: 60, on_expired: 'block' });
  await claim(post, ['notify Slack:msg_881'], 'zap', { ttl: 60 });
  world.advance(20 * 60_000);
  await claim(post, ['charge card:ch_3PqX81'], 'replay');
  const [taken] = await claim(post, ['notify Slack:msg_881'], 'replay');
  world.advance(40_000);
  if (taken) await complete(post, taken);
  await claim(post, ['send invoice:inv_2045'], 'zap');
  for (let nth = 0; nth < 11; nth += 1) {
    world.advance(500);
    await claim(post, ['send invoice:inv_2045'], `webhook ${String(nth)}`);
  }
}
