import { setTimeout as pause } from 'node:timers/promises';
import axios from 'axios';
import { openClient } from '../platforms/client.ts';
import { useN8n } from './setting.ts';
import { claim, complete } from './steps.ts';
import { inTurn, type Step, webhook, work, workflow } from './workflow.ts';

/** Each id of the webhook's `ids` becomes an item. */
const split: Step = {
  name: 'Split',
  type: 'n8n-nodes-base.splitOut',
  typeVersion: 1,
  parameters: { fieldToSplitOut: 'body.ids', options: { destinationFieldName: 'id' } },
};
const loop: Step = {
  name: 'Loop',
  type: 'n8n-nodes-base.splitInBatches',
  typeVersion: 3,
  parameters: { batchSize: 1, options: {} },
};
const aggregate: Step = {
  name: 'Aggregate',
  type: 'n8n-nodes-base.aggregate',
  typeVersion: 1,
  parameters: { aggregate: 'aggregateAllItemData', options: {} },
};
const merge: Step = {
  name: 'Merge',
  type: 'n8n-nodes-base.merge',
  typeVersion: 3.2,
  parameters: { mode: 'combine', combineBy: 'combineByPosition', options: {} },
};
const ofItem = { key: '={{ $json.id }}' };
const workOf = (url: string): Step => work(url, '={{ $json.id }}');

/** A claim of the same event for other work. */
const claimOf = (job: string): Step => ({ ...claim({ job }), name: `Claim ${job}` });

/** Resumed by whoever calls the execution's own address, with one item, whatever came. */
const wait: Step = {
  ...{ name: 'Wait', type: 'n8n-nodes-base.wait', typeVersion: 1.1, webhookId: 'items-wait' },
  parameters: { resume: 'webhook', options: {} },
};
const start: Step = {
  ...{ name: 'Start', type: 'n8n-nodes-base.executeWorkflowTrigger', typeVersion: 1.1 },
  parameters: { inputSource: 'passthrough' },
};
const execute = (workflowId: string): Step => ({
  ...{ name: 'Execute', type: 'n8n-nodes-base.executeWorkflow', typeVersion: 1.2 },
  parameters: { workflowId: { __rl: true, mode: 'id', value: workflowId }, options: {} },
});

const setting = useN8n({
  workflows: ({ receiver: { url } }) => [
    workflow(
      'loop',
      [webhook('loop'), split, loop, claim({ ...ofItem, on_duplicate: 'output' }), workOf(url), complete()],
      {
        connections: [
          ...inTurn([webhook('loop'), split, loop]),
          { from: 'Loop', output: 1, to: 'Claim' },
          { from: 'Claim', to: 'Work' },
          // A loop that gets nothing back ends there.
          { from: 'Claim', output: 1, to: 'Loop' },
          { from: 'Work', to: 'Loop' },
          { from: 'Loop', output: 0, to: 'Complete' },
        ],
      },
    ),
    workflow('many', [webhook('many'), split, claim(ofItem), complete()]),
    workflow('aggregate', [webhook('aggregate'), split, claim(ofItem), workOf(url), aggregate, complete()]),
    workflow('waiting', [
      webhook('waiting'),
      claim({ options: { output_field: '' } }),
      work(url, '={{ $execution.resumeUrl }}'),
      wait,
      complete(),
    ]),
    workflow('child', [start, workOf(url), complete()]),
    workflow('parent', [webhook('parent'), split, claim(ofItem), execute('child')]),
    workflow('merge', [webhook('merge'), claimOf('invoice'), claimOf('parcel'), merge, complete()], {
      connections: [
        { from: 'Webhook', to: 'Claim invoice' },
        { from: 'Webhook', to: 'Claim parcel' },
        { from: 'Claim invoice', to: 'Merge' },
        { from: 'Claim parcel', to: 'Merge', input: 1 },
        { from: 'Merge', to: 'Complete' },
      ],
    }),
  ],
});

test('the same key twice in a loop is done once, and Mark Complete after the loop finishes every claim', async () => {
  const [execution] = await setting.deliver('loop', { ids: ['l1', 'l1', 'l2'] });
  const { error } = await setting.n8n.executions.data(execution?.id ?? '');
  expect(error?.message).toBeUndefined();
  expect([setting.receiver.done('l1'), setting.receiver.done('l2')]).toEqual([1, 1]);
  await expectCompleted('loop', ['l1', 'l2']);
});

test('a thousand items are claimed in two requests', async () => {
  const before = setting.wire.requests.length;
  const ids = Array.from({ length: 1_000 }, (_, n) => `m${String(n)}`);
  const [execution] = await setting.deliver('many', { ids });
  const { runData } = await setting.n8n.executions.data(execution?.id ?? '');
  expect(runData['Complete']?.[0]?.data?.['main']?.[0]).toHaveLength(1_000);
  const claims = setting.wire.requests.slice(before).filter((path) => path.startsWith('/v1/ai/lease'));
  expect(claims.length).toBeLessThanOrEqual(2);
  const [again] = await setting.deliver('many', { ids: [...ids, 'one more'] });
  const second = await setting.n8n.executions.data(again?.id ?? '');
  expect(second.runData['Complete']?.[0]?.data?.['main']?.[0]).toHaveLength(1);
});

test('after Aggregate, Mark Complete finishes every claim', async () => {
  const ids = ['a1', 'a2', 'a3'];
  await setting.deliver('aggregate', { ids });
  await expectCompleted('aggregate', ids);
  await setting.deliver('aggregate', { ids });
  expect(ids.map(setting.receiver.done)).toEqual([1, 1, 1]);
});

test('after Merge, Mark Complete finishes the claims of both branches', async () => {
  const [execution] = await setting.deliver('merge', { id: 'order 7' });
  expect(execution?.status).toBe('success');
  await expectCompleted('invoice', ['order 7']);
  await expectCompleted('parcel', ['order 7']);
});

test('a claim is found after a wait, by what n8n kept with the execution', async () => {
  const { n8n, receiver } = setting;
  const before = receiver.all.length;
  expect(await n8n.send('waiting', { id: 'w1' })).toMatchObject({ status: 200 });
  const resumeUrl = await until(() => receiver.all[before]);
  const resumed = await until(async () => {
    const { status } = await axios.get(resumeUrl, { proxy: false, validateStatus: () => true });
    // It is not there to be resumed until n8n has put it away.
    return status === 200 ? status : undefined;
  });
  expect(resumed).toBe(200);
  const [execution] = await n8n.executions.settled('waiting', 1);
  expect(execution?.status).toBe('success');
  await expectCompleted('waiting', ['w1']);
});

test('a workflow completes what the one that started it has claimed, behind an HTTP Request', async () => {
  const ids = ['s1', 's2', 's3'];
  const [execution] = await setting.deliver('parent', { ids });
  expect(execution?.status).toBe('success');
  await expectCompleted('parent', ids);
});

async function until<T>(ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const got = await ask();
    if (got !== undefined) return got;
    await pause(100);
  }
}

async function expectCompleted(job: string, ids: readonly string[]): Promise<void> {
  const client = openClient(setting.world);
  for (const key of ids) {
    const outcome = await client.run('getKey', { job, key });
    expect(outcome).toMatchObject({ outputs: { status: 'completed' } });
  }
}
