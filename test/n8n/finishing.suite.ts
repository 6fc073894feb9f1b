import { openClient } from '../platforms/client.ts';
import type { ResultData } from './executions.ts';
import { useN8n } from './setting.ts';
import { claim, complete, onceOnly } from './steps.ts';
import { inTurn, type Connection, type Step, webhook, work, workflow, type Workflow } from './workflow.ts';

/** One claim that reaches several items, rounds and steps, and runs of a part of a workflow, in a real n8n. */

const base = (name: string, type: string, typeVersion: number, parameters: object): Step => ({
  ...{ name, type: `n8n-nodes-base.${type}`, typeVersion, parameters },
});
const split = (field: string): Step =>
  base('Split', 'splitOut', 1, { fieldToSplitOut: field, options: { destinationFieldName: 'id' } });
const loop = base('Loop', 'splitInBatches', 3, { batchSize: 1, options: {} });
const onlyA = base('IF', 'if', 2.2, {
  conditions: {
    options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
    combinator: 'and',
    conditions: [
      {
        ...{ id: 'c', leftValue: '={{ $json.id }}', rightValue: 'a' },
        operator: { type: 'string', operation: 'startsWith' },
      },
    ],
  },
});
const fail = onceOnly('Fail', 'failKey', { reason: 'no' });
const oneClaim = claim({ key: '={{ $json.body.order }}' });
const ofItem = claim({ key: '={{ $json.id }}' });
const first: Step = { ...claim({ job: 'outer', options: { output_field: 'outer' } }), name: 'Outer' };
const byHand = claim({ options: { claim_in_manual_runs: true } });

const around = (steps: readonly Step[], inside: readonly Step[], more: readonly Connection[] = []) => ({
  connections: [
    ...inTurn([...steps, loop]),
    { from: 'Loop', output: 1, to: inside[0]?.name ?? '' },
    ...inTurn([...inside, loop]),
    ...more,
  ],
});

const setting = useN8n({
  workflows: ({ receiver: { url } }) => {
    const working = work(url, '={{ $json.id }}', { onError: 'continueErrorOutput' });
    const inSplit = [webhook('split'), oneClaim, split('body.ids'), working, complete()];
    const inRounds = [webhook('rounds'), oneClaim, split('body.ids')];
    const someOf = [webhook('some'), split('body.ids'), ofItem];
    const pinData = { Webhook: [{ json: { body: { id: 'p' } } }] };
    const nested = workflow('partial', [
      webhook('partial'),
      {
        ...first,
        parameters: { ...first.parameters, options: { output_field: 'outer', claim_in_manual_runs: true } },
      },
      byHand,
      complete(),
      { ...complete(), name: 'Again' },
    ]);
    const partlyAll = workflow('partial-all', [
      webhook('partial-all'),
      split('body.ids'),
      { ...ofItem, parameters: { ...ofItem.parameters, options: { claim_in_manual_runs: true } } },
      complete({ complete_what: 'execution' }),
    ]);
    const pinnedIds = { Webhook: [{ json: { body: { ids: ['x', 'y'] } } }] };
    return [
      { ...partlyAll, pinData: pinnedIds } satisfies Workflow & { readonly pinData: object },
      workflow('split', [...inSplit, fail], {
        connections: [...inTurn(inSplit), { from: 'Work', output: 1, to: 'Fail' }],
      }),
      workflow('rounds', [...inRounds, loop, complete()], around(inRounds, [complete()])),
      workflow(
        'some',
        [...someOf, loop, onlyA, complete()],
        around(someOf, [onlyA, complete()], [{ from: 'IF', output: 1, to: 'Loop' }]),
      ),
      { ...nested, pinData } satisfies Workflow & { readonly pinData: object },
    ];
  },
});

const hintsOf = (runData: ResultData['runData'], node: string): readonly string[] =>
  (runData[node] ?? []).map(({ hints = [] }) => hints.map(({ message }) => message).join('\n'));

async function runDataOf(path: string, body: object) {
  const [execution] = await setting.deliver(path, body);
  return (await setting.n8n.executions.data(execution?.id ?? '')).runData;
}

async function statusOf(job: string, key: string): Promise<unknown> {
  const outcome = await openClient(setting.world).run('getKey', { job, key });
  return 'outputs' in outcome ? outcome.outputs['status'] : outcome;
}

test('of one claim that was split into items, it says what is still to be worked on, and what was finished', async () => {
  setting.receiver.behave((id) => (id === 'b' ? 500 : 200));
  const runData = await runDataOf('split', { order: 'o', ids: ['a', 'b', 'c'] });
  expect(hintsOf(runData, 'Complete')[0]).toMatch(/still to come: “Fail”.*Aggregate/);
  expect(hintsOf(runData, 'Fail')[0]).toContain('This run finished “split:o” before');
  expect(await statusOf('split', 'o')).toBe('completed');
});

test('in a loop, the first round that completes the claim of all of them says that others are to come', async () => {
  const runData = await runDataOf('rounds', { order: 'o', ids: ['a', 'b', 'c'] });
  const hints = hintsOf(runData, 'Complete');
  expect(hints).toHaveLength(3);
  expect(hints[0]).toMatch(/still to come: “Loop”.*the output “done”/);
  expect(hints[2]).not.toContain('still to come');
});

test('in a loop, too, it says which claims are still open', async () => {
  const runData = await runDataOf('some', { ids: ['b1', 'c1', 'a1'] });
  const isOpen = '2 of 3 claims of this execution are still open. ';
  expect(hintsOf(runData, 'Complete')).toEqual([expect.stringContaining(`${isOpen}If no other step`)]);
  expect(hintsOf(runData, 'Complete').join()).not.toContain('still to come');
  const early = await runDataOf('some', { ids: ['a2', 'b2', 'c2'] });
  expect(hintsOf(early, 'Complete')).toEqual([
    expect.stringContaining(`${isOpen}Later rounds of “Loop” may finish theirs`),
  ]);
});

/** As the editor runs a workflow, or a part of it, up to a step. */
async function runByHand(id: string, upTo: string, more: object): Promise<ResultData> {
  const { n8n } = setting;
  const since = await n8n.executions.newest(id);
  const destinationNode = { nodeName: upTo, mode: 'inclusive' };
  await n8n.rest.post(`/workflows/${id}/run`, { destinationNode, ...more });
  const [execution] = await n8n.executions.settled(id, 1, since);
  return n8n.executions.data(execution?.id ?? '');
}
const FROM_WEBHOOK = { triggerToStartFrom: { name: 'Webhook' } };

test('a run of a part of a workflow finishes the claim of the nearest step, and names what it changed', async () => {
  const { runData } = await runByHand('partial', 'Claim', FROM_WEBHOOK);
  expect(Object.keys(runData)).toEqual(['Webhook', 'Outer', 'Claim']);
  const partial = await runByHand('partial', 'Complete', { runData, dirtyNodeNames: [] });
  expect(partial.error?.message).toBeUndefined();
  expect(hintsOf(partial.runData, 'Complete')[0]).toContain('changed what live runs see: “partial:p”');
  expect([await statusOf('partial', 'p'), await statusOf('outer', 'p')]).toEqual([
    'completed',
    'in_progress',
  ]);
  // Of a run of a part, n8n keeps what came before as items alone.
  const rest = await runByHand('partial', 'Again', { runData: partial.runData, dirtyNodeNames: [] });
  expect(hintsOf(rest.runData, 'Again')[0]).toContain('changed what live runs see: “outer:p”');
  expect(await statusOf('outer', 'p')).toBe('completed');
});

test('a run of a part of a workflow finds all claims of the part before', async () => {
  const { runData } = await runByHand('partial-all', 'Claim', FROM_WEBHOOK);
  const partial = await runByHand('partial-all', 'Complete', { runData, dirtyNodeNames: [] });
  expect(partial.error?.message).toBeUndefined();
  expect([await statusOf('partial-all', 'x'), await statusOf('partial-all', 'y')]).toEqual([
    'completed',
    'completed',
  ]);
});
