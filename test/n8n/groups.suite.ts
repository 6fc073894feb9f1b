import { shownTime } from '@onceonly/shared/shown-time.ts';
import { until } from '../../server/test/receiver.ts';
import { openClient } from '../platforms/client.ts';
import { useN8n } from './setting.ts';
import { claim, complete } from './steps.ts';
import { inTurn, type Step, webhook, work, workflow, type Workflow } from './workflow.ts';

/** One at a time, and newer only, in a real n8n. */

const MINUTE = 60_000;
const OLDER = '2026-11-25T08:00:00Z';
const NEWER = '2026-11-25T08:00:01Z';

const split: Step = {
  ...{ name: 'Split', type: 'n8n-nodes-base.splitOut', typeVersion: 1 },
  parameters: { fieldToSplitOut: 'body.ids', options: { destinationFieldName: 'id' } },
};
const loop: Step = {
  ...{ name: 'Loop', type: 'n8n-nodes-base.splitInBatches', typeVersion: 3 },
  parameters: { batchSize: 1, options: {} },
};

const VERSION = { sequence: '={{ $json.body.at }}', hold_minutes: 10 };
const CUSTOMER = { group: '=customer-{{ $json.body.customer }}' };
const CHANGE = '={{ $json.body.id }} {{ $json.body.at }}';

const pinned = (made: Workflow, body: object): Workflow & { readonly pinData: object } => ({
  ...made,
  pinData: { Webhook: [{ json: { body } }] },
});

const setting = useN8n({
  workflows: ({ receiver: { url } }) => {
    const change = (path: string, options: object = {}) =>
      workflow(path, [
        webhook(path),
        claim({ job: 'sync', options: { ...VERSION, ...options } }),
        work(url, CHANGE),
        complete(),
      ]);
    const ofCustomer = (path: string) =>
      workflow(path, [webhook(path), claim({ options: CUSTOMER }), work(url), complete()]);
    const output = claim({ job: 'sync', on_duplicate: 'output', options: VERSION });
    const outputs = [webhook('output'), output, work(url, CHANGE)];
    const elsewhere = { ...work(url, '={{ $json.onceonly.status }} {{ $json.body.id }}'), name: 'Elsewhere' };
    const ofItem = { key: '={{ $json.id }}', options: { group: '={{ $json.id.charAt(0) }}' } };
    const many = [webhook('many'), split, claim(ofItem), work(url, '={{ $json.id }}')];
    const inLoop = [claim({ ...ofItem, on_duplicate: 'output' }), work(url, '={{ $json.id }}'), complete()];
    return [
      change('change'),
      ofCustomer('orders'),
      ofCustomer('letters'),
      workflow('output', [...outputs, elsewhere], {
        connections: [...inTurn(outputs), { from: 'Claim', output: 1, to: 'Elsewhere' }],
      }),
      workflow('many', [...many, complete()]),
      workflow('rounds', [webhook('rounds'), split, loop, ...inLoop], {
        connections: [
          ...inTurn([webhook('rounds'), split, loop]),
          { from: 'Loop', output: 1, to: 'Claim' },
          { from: 'Claim', output: 1, to: 'Loop' },
          ...inTurn([...inLoop, loop]),
        ],
      }),
      pinned(change('by-hand'), { id: 'h', at: OLDER }),
      pinned(change('by-hand-claiming', { claim_in_manual_runs: true }), { id: 'h', at: NEWER }),
    ];
  },
});

afterEach(() => {
  setting.receiver.behave(() => 200);
});

const claims = (): number => setting.wire.requests.filter((path) => path.startsWith('/v1/ai/lease')).length;

/** Lets the work of an id go on only once it is called. */
function hold(held: string): () => void {
  const { promise, resolve } = Promise.withResolvers<number>();
  setting.receiver.behave((id) => (id === held ? promise : 200));
  return () => {
    resolve(200);
  };
}

const runDataOf = async (id = '') => (await setting.n8n.executions.data(id)).runData;

async function stateOf(job: string, key: string): Promise<unknown> {
  const outcome = await openClient(setting.world).run('getKey', { job, key });
  return 'outputs' in outcome ? outcome.outputs['status'] : outcome;
}

test('an older change that comes after a newer one stops, and a hint says why', async () => {
  await setting.deliver('change', { id: 'a', at: NEWER });
  const [older] = await setting.deliver('change', { id: 'a', at: OLDER });
  const runData = await runDataOf(older?.id);
  expect(Object.keys(runData)).toEqual(['Webhook', 'Claim']);
  expect(runData['Claim']?.[0]?.hints?.[0]?.message).toContain(
    `a newer version (${shownTime(NEWER, Date.now(), 'second')}) of `,
  );
  await setting.deliver('change', { id: 'a', at: NEWER });
  expect(setting.receiver.all).toEqual([`a ${NEWER}`]);
});

test.each([
  ['the newer waits in its execution, and is done', OLDER, NEWER, 1],
  ['the older waits in its execution, and stops', NEWER, OLDER, 0],
])('of two changes at once %s', async (name, first, second, done) => {
  const { n8n, receiver } = setting;
  const since = await n8n.executions.newest('change');
  const release = hold(`${name} ${first}`);
  await n8n.send('change', { id: name, at: first });
  await until(() => receiver.asked(`${name} ${first}`) === 1);
  const before = claims();
  await n8n.send('change', { id: name, at: second });
  await until(() => claims() > before);
  expect([receiver.asked(`${name} ${second}`), receiver.done(`${name} ${first}`)]).toEqual([0, 0]);
  release();
  const executions = await n8n.executions.settled('change', 2, since);
  expect(executions.map(({ status }) => status)).toEqual(['success', 'success']);
  // It was asked for once: its server woke it.
  expect(claims()).toBe(before + 1);
  expect(receiver.all.slice(-1 - done)).toEqual(
    [first, second].slice(0, 1 + done).map((at) => `${name} ${at}`),
  );
});

test('an execution that is stopped while it waits for its turn holds nobody up', async () => {
  const { n8n, receiver } = setting;
  const release = hold(`s ${OLDER}`);
  await n8n.send('change', { id: 's', at: OLDER });
  await until(() => receiver.asked(`s ${OLDER}`) === 1);
  const before = claims();
  const since = await n8n.executions.newest('change');
  await n8n.send('change', { id: 's', at: NEWER });
  await until(() => claims() > before);
  const waiting = await n8n.executions.newest('change');
  await n8n.rest.post(`/executions/${String(waiting)}/stop`);
  expect(await n8n.executions.settled('change', 1, since)).toMatchObject([{ status: 'canceled' }]);
  release();
  await until(async () => (await stateOf('sync', `s:${OLDER}`)) === 'completed');
  await setting.deliver('change', { id: 's', at: NEWER });
  expect(receiver.done(`s ${NEWER}`)).toBe(1);
});

test('runs about one customer do not overlap, whatever workflow they are of', async () => {
  const { n8n, receiver } = setting;
  const log: string[] = [];
  const { promise, resolve } = Promise.withResolvers<undefined>();
  receiver.behave(async (id, nth) => {
    log.push(`begin ${id}`);
    if (nth === 1 && log.length === 1) await promise;
    log.push(`end ${id}`);
    return 200;
  });
  const before = claims();
  const ids = ['o1', 'o2', 'o3', 'l1', 'l2', 'l3'];
  await Promise.all(
    ids.map((id) => n8n.send(id.startsWith('o') ? 'orders' : 'letters', { id, customer: 17 })),
  );
  await until(() => claims() >= before + ids.length);
  await until(() => log.length > 0);
  const [first = ''] = log;
  for (const id of ids.filter((each) => !first.endsWith(each))) {
    const job = id.startsWith('o') ? 'orders' : 'letters';
    expect(await stateOf(job, id)).toBeNull();
  }
  resolve(undefined);
  for (const path of ['orders', 'letters']) {
    const executions = await n8n.executions.settled(path, 3);
    expect(executions.map(({ status }) => status)).toEqual(Array(3).fill('success'));
  }
  expect(
    log
      .filter((each) => each.startsWith('begin'))
      .map((each) => each.slice(6))
      .sort(),
  ).toEqual(ids.sort());
  expect(log).toEqual(
    log.filter((each) => each.startsWith('begin')).flatMap((each) => [each, each.replace('begin', 'end')]),
  );
});

test('the second of two items of one run and one group is told at once, and how to do it', async () => {
  const before = claims();
  const [execution] = await setting.deliver('many', { ids: ['m1', 'm2'] });
  expect(execution?.status).toBe('error');
  const { error } = await setting.n8n.executions.data(execution?.id ?? '');
  expect(error?.message).toContain('An earlier item of this same run has not finished “many:m1”');
  expect(error?.message).toContain('a loop that takes one item at a time');
  expect(claims()).toBe(before + 1);
  expect([setting.receiver.asked('m1'), setting.receiver.asked('m2')]).toEqual([0, 0]);
  expect(await stateOf('many', 'm1')).not.toBe('in_progress');
});

test('an item that waits for another run holds no other one up; in such a loop it waits, and is done', async () => {
  const { n8n, receiver } = setting;
  const release = hold('x1');
  const since = await n8n.executions.newest('many');
  await n8n.send('many', { ids: ['x1'] });
  await until(() => receiver.asked('x1') === 1);
  await n8n.send('many', { ids: ['y2', 'x2'] });
  await until(async () => (await n8n.executions.newest('many')) > since + 1);
  const failed = String(await n8n.executions.newest('many'));
  await until(async () => {
    const { status } = await n8n.rest.get<{ status: string }>(`/executions/${failed}`);
    return status === 'error';
  });
  const { error } = await n8n.executions.data(failed);
  expect(error?.message).toContain('Not yet the turn of “many:x2”: “many:x1” is at work.');
  expect(error?.description).toContain('In a Loop Over Items');
  expect(await stateOf('many', 'y2')).not.toBe('in_progress');

  await n8n.send('rounds', { ids: ['y3', 'x3'] });
  const before = claims();
  await until(() => receiver.done('y3') === 1 && claims() > before);
  expect(receiver.asked('x3')).toBe(0);
  release();
  expect(await n8n.executions.settled('many', 2, since)).toMatchObject([
    { status: 'error' },
    { status: 'success' },
  ]);
  expect(await n8n.executions.settled('rounds', 1)).toMatchObject([{ status: 'success' }]);
  expect(['x1', 'x2', 'x3', 'y2', 'y3'].map(receiver.done)).toEqual([1, 0, 1, 0, 1]);
});

test('in such a loop all of them are done', async () => {
  const ids = ['r1', 'r2', 'r3', 'r1'];
  await setting.deliver('rounds', { ids });
  expect(ids.map(setting.receiver.done)).toEqual([1, 1, 1, 1]);
  for (const id of ids) expect(await stateOf('rounds', id)).toBe('completed');
});

test('an older change leaves by the Duplicate output, and says which version is done', async () => {
  const { receiver } = setting;
  await setting.deliver('change', { id: 'd', at: NEWER });
  const [execution] = await setting.deliver('output', { id: 'd', at: OLDER });
  expect(execution?.status).toBe('success');
  const [first, second] = (await runDataOf(execution?.id))['Claim']?.[0]?.data?.['main'] ?? [];
  expect(first).toEqual([]);
  expect(second?.[0]?.json['onceonly']).toMatchObject({
    ...{ status: 'stale', proceed: false, duplicate: false, newest_version: NEWER, claim_token: null },
  });
  expect([receiver.asked(`d ${OLDER}`), receiver.done('stale d')]).toEqual([0, 1]);
});

/** As "Execute workflow" in the editor; up to a step, as "Execute step" does. */
async function runByHand(id: string, more: object): Promise<string> {
  const { n8n } = setting;
  const since = await n8n.executions.newest(id);
  await n8n.rest.post(`/workflows/${id}/run`, more);
  const [execution] = await n8n.executions.settled(id, 1, since);
  return execution?.id ?? '';
}
const WHOLE = { triggerToStartFrom: { name: 'Webhook' } };
const UP_TO_CLAIM = { ...WHOLE, destinationNode: { nodeName: 'Claim', mode: 'inclusive' } };

test('a run by hand shows the key with its version, and claims nothing', async () => {
  for (const how of [WHOLE, UP_TO_CLAIM]) {
    const runData = await runDataOf(await runByHand('by-hand', how));
    const claimed = runData['Claim']?.[0];
    expect(claimed?.data?.['main']?.[0]?.[0]?.json['onceonly']).toMatchObject({
      key: `sync:h:${OLDER}`,
      claim_token: expect.stringMatching(/^test_/) as unknown,
      message: expect.stringContaining('Only a live run can tell') as unknown,
    });
    expect(claimed?.hints?.[0]?.message).toContain('A manual run claims nothing');
  }
  expect(await stateOf('sync', `h:${OLDER}`)).toBeNull();
});

test('a run by hand that claims keeps the version, for live runs too', async () => {
  await runByHand('by-hand-claiming', WHOLE);
  expect(await stateOf('sync', `h:${NEWER}`)).toBe('completed');
  const before = setting.receiver.all.length;
  const [older] = await setting.deliver('change', { id: 'h', at: OLDER });
  expect(Object.keys(await runDataOf(older?.id))).toEqual(['Webhook', 'Claim']);
  expect(setting.receiver.all).toHaveLength(before);
});

test('after a crash of the newer change’s run an older one may go on, and the newer one is done again', async () => {
  const { n8n, receiver, world } = setting;
  hold(`c ${NEWER}`);
  await n8n.send('change', { id: 'c', at: NEWER });
  await until(() => receiver.asked(`c ${NEWER}`) === 1);
  await n8n.kill();
  await n8n.start();
  receiver.behave(() => 200);
  world.advance(10 * MINUTE);
  const since = await n8n.executions.newest('change');
  for (const at of [OLDER, NEWER, OLDER]) await setting.deliver('change', { id: 'c', at });
  const executions = await n8n.executions.settled('change', 3, since);
  expect(executions.map(({ status }) => status)).toEqual(['success', 'success', 'success']);
  expect(receiver.all.slice(-2)).toEqual([`c ${OLDER}`, `c ${NEWER}`]);
});
