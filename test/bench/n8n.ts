import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openN8n, type N8n } from '../n8n/instance.ts';
import { openReceiver, type Receiver } from '../n8n/receiver.ts';
import { account } from '../n8n/steps.ts';
import { template } from '../n8n/templates.ts';
import { serve, TREE } from './contenders.ts';
import { waysAt, type Way } from './n8n-workflows.ts';
import type { Part, Table } from './part.ts';
import { intervalOf, quantileOf } from './statistics.ts';

const TIMED = 60;
const ITEMS = 1_000;
const TIMED_WITH_ITEMS = 8;
const AT_ONCE = 50;
const STORMS = 3;
const ERROR_WORKFLOW = 'fail-claims-of-a-failed-run';

/** What the steps add to a workflow in the real n8n, and what comes of duplicates, beside n8n's own Remove Duplicates. */
export async function n8n(): Promise<Part> {
  const folder = await mkdtemp(join(tmpdir(), 'onceonly-bench-'));
  const server = await serve('./serve.ts', [TREE, `sqlite:${join(folder, 'claims.db')}`, 'on']);
  const receiver = await openReceiver();
  const ways = waysAt(receiver.url, ERROR_WORKFLOW);
  const real = await openN8n();
  try {
    await real.add({
      workflows: [template(ERROR_WORKFLOW, receiver.url), ...ways.flatMap(({ workflows }) => workflows)],
      credentials: [account(server)],
    });
    const send = (id: string, event: string) => real.send(`${id}-one`, { id: event });
    const sendMany = (id: string, event: string) => {
      const ids = Array.from({ length: ITEMS }, (_, n) => `${event}-${String(n)}`);
      return real.send(`${id}-many`, { name: event, ids });
    };
    return {
      title: 'What the steps add in n8n',
      how: [
        'The same workflow in the same real n8n, on SQLite: a webhook, which is answered when its run has ended, the check, one HTTP request, and, with OnceOnly, Mark Complete; one after the other, in turn. What is added is the median of what each took longer than the one without a check right beside it, with its interval.',
      ],
      tables: [
        await timed(`a webhook, ${String(TIMED)} times`, { ways, times: TIMED, send }),
        await timed(`a webhook of ${ITEMS.toLocaleString('en-US')} items`, {
          ...{ ways, times: TIMED_WITH_ITEMS, send: sendMany },
        }),
        {
          head: ['', ...ways.map(({ name }) => name)],
          rows: [
            [
              `of ${String(AT_ONCE)} deliveries of one id at once, how many are done (should be 1)`,
              ...(await inTurn(ways, (way) => stormOf(real, receiver, way))),
            ],
            [
              'an id whose run failed, delivered again',
              ...(await inTurn(ways, (way) => failedOnce(real, receiver, way))),
            ],
          ],
        },
      ],
      answers: [],
    };
  } finally {
    await real.close();
    await receiver.close();
    await server.close();
    await rm(folder, { recursive: true });
  }
}

async function timed(
  what: string,
  {
    ways,
    times,
    send,
  }: {
    ways: readonly Way[];
    times: number;
    send: (id: string, event: string) => Promise<unknown>;
  },
): Promise<Table> {
  const taken = ways.map((): number[] => []);
  // The first of each starts what is loaded when it is needed.
  for (let n = -2; n < times; n += 1) {
    for (const [index, { id }] of ways.entries()) {
      const startedAt = performance.now();
      await send(id, `${what}-${id}-${String(n)}`);
      if (n >= 0) taken[index]?.push(performance.now() - startedAt);
    }
  }
  const [plain = []] = taken;
  return {
    head: [what, 'p50, ms', 'p95, ms', 'added, ms'],
    rows: ways.map(({ name }, index) => {
      const all = taken[index] ?? [];
      const { median, low, high } = intervalOf([all.map((ms, n) => ms - (plain[n] ?? Number.NaN))]);
      return [
        ...[name, quantileOf(all, 0.5).toFixed(1), quantileOf(all, 0.95).toFixed(1)],
        index === 0 ? '' : `${median.toFixed(1)} (${low.toFixed(1)}–${high.toFixed(1)})`,
      ];
    }),
  };
}

async function inTurn<T>(ways: readonly Way[], of: (way: Way) => Promise<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for (const way of ways) all.push(await of(way));
  return all;
}

async function stormOf(real: N8n, receiver: Receiver, { id }: Way): Promise<string> {
  const counts: number[] = [];
  for (let nth = 0; nth < STORMS; nth += 1) {
    const event = `${id}-storm-${String(nth)}`;
    await Promise.all(Array.from({ length: AT_ONCE }, () => real.send(`${id}-one`, { id: event })));
    counts.push(receiver.done(event));
  }
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? String(least) : `${String(least)}–${String(most)}`;
}

async function failedOnce(real: N8n, receiver: Receiver, { id }: Way): Promise<string> {
  const event = `${id}-failed`;
  receiver.behave((each, nth) => (each === event && nth === 1 ? 500 : 200));
  await real.send(`${id}-failing`, { id: event });
  await real.executions.settled(`${id}-failing`, 1);
  if (id === 'ours') await real.executions.settled(ERROR_WORKFLOW, 1);
  await real.send(`${id}-failing`, { id: event });
  await real.executions.settled(`${id}-failing`, 2);
  return receiver.done(event) === 1 ? 'is done' : 'is taken for a duplicate: never done';
}
