import { openWorld } from '../world.ts';
import { openN8n, type N8n } from '../n8n/instance.ts';
import { openReceiver, type Receiver } from '../n8n/receiver.ts';
import { account } from '../n8n/steps.ts';
import { template } from '../n8n/templates.ts';
import { contenders, type Contender } from './n8n-contenders.ts';

/**
 * `npm run bench -- n8n`: n8n's own Remove Duplicates beside this node, in workflows of the same shape in the same n8n, in
 * turn. Prints a table in Markdown.
 */
const ROUNDS = 5;
const AT_ONCE = 50;
const TIMED = 60;
const HISTORY = 10_000;
const ERROR_WORKFLOW = 'fail-claims-of-a-failed-run';

type Row = readonly [
  label: string,
  of: (n8n: N8n, receiver: Receiver, contender: Contender) => Promise<string>,
];

const quantile = (values: readonly number[], of: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * of)] ?? Number.NaN;

async function inRounds(round: (nth: number) => Promise<number>): Promise<string> {
  const counts: number[] = [];
  for (let nth = 0; nth < ROUNDS; nth += 1) counts.push(await round(nth));
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? String(least) : `${String(least)}–${String(most)}`;
}

const rows: readonly Row[] = [
  [
    `of ${String(AT_ONCE)} deliveries of one id at once, how many pass (should be 1)`,
    (n8n, receiver, { id }) =>
      inRounds(async (nth) => {
        const event = `${id}-storm-${String(nth)}`;
        await Promise.all(Array.from({ length: AT_ONCE }, () => n8n.send(`${id}-one`, { id: event })));
        return receiver.done(event);
      }),
  ],
  [
    `of ${String(AT_ONCE)} ids sent at once, and sent again, how many pass again (should be 0)`,
    (n8n, receiver, { id }) =>
      inRounds(async (nth) => {
        const events = Array.from({ length: AT_ONCE }, (_, n) => `${id}-again-${String(nth)}-${String(n)}`);
        const sendAll = () => Promise.all(events.map((event) => n8n.send(`${id}-one`, { id: event })));
        await sendAll();
        const first = events.reduce((sum, event) => sum + receiver.done(event), 0);
        await sendAll();
        return events.reduce((sum, event) => sum + receiver.done(event), 0) - first;
      }),
  ],
  [
    `a webhook and its run, one after the other: p50, p95`,
    async (n8n, _, { id }) => {
      const times: number[] = [];
      for (let n = 0; n < TIMED; n += 1) {
        const start = performance.now();
        await n8n.send(`${id}-one`, { id: `${id}-timed-${String(n)}` });
        times.push(performance.now() - start);
      }
      return `${quantile(times, 0.5).toFixed(0)} ms, ${quantile(times, 0.95).toFixed(0)} ms`;
    },
  ],
  [
    `after ${HISTORY.toLocaleString('en')} ids, the next one`,
    async (n8n, receiver, { id }) => {
      const ids = Array.from({ length: HISTORY }, (_, n) => `${id}-many-${String(n)}`);
      await n8n.send(`${id}-many`, { name: `${id}-all`, ids });
      await n8n.executions.settled(`${id}-many`, 1);
      if (receiver.done(`${id}-all:${String(HISTORY)}`) !== 1) throw new Error('Not all of the ids passed.');
      await n8n.send(`${id}-many`, { name: `${id}-next`, ids: [`${id}-one-more`] });
      const [next] = await n8n.executions.settled(`${id}-many`, 2);
      if (receiver.done(`${id}-next:1`) === 1) return 'passes';
      const { error } = await n8n.executions.data(next?.id ?? '');
      return `fails, and all after it: “${error?.message ?? ''}”`;
    },
  ],
  [
    'an id whose run failed, delivered again',
    async (n8n, receiver, { id }) => {
      const event = `${id}-failed`;
      receiver.behave((each, nth) => (each === event && nth === 1 ? 500 : 200));
      await n8n.send(`${id}-failing`, { id: event });
      await n8n.executions.settled(`${id}-failing`, 1);
      if (id === 'ours') await n8n.executions.settled(ERROR_WORKFLOW, 1);
      await n8n.send(`${id}-failing`, { id: event });
      await n8n.executions.settled(`${id}-failing`, 2);
      return receiver.done(event) === 1 ? 'is done' : 'is taken for a duplicate: never done';
    },
  ],
];

const world = await openWorld();
const receiver = await openReceiver();
const both = contenders(receiver.url, ERROR_WORKFLOW);
const n8n = await openN8n();
try {
  await n8n.add({
    workflows: [template(ERROR_WORKFLOW, receiver.url), ...both.flatMap(({ workflows }) => workflows)],
    credentials: [account(world)],
  });
  console.log(`| | ${both.map(({ name }) => name).join(' | ')} |\n| --- | --- | --- |`);
  for (const [label, of] of rows) {
    const cells: string[] = [];
    for (const contender of both) cells.push(await of(n8n, receiver, contender));
    console.log(`| ${label} | ${cells.join(' | ')} |`);
  }
} finally {
  await n8n.close();
  await receiver.close();
  await world.close();
}
