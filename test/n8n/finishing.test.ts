import type { IRun } from 'n8n-workflow';
import { openClient } from '../platforms/client.ts';
import { openWorld, type World } from '../world.ts';
import { openEngine, type Engine } from './engine.ts';
import { openReceiver, type Receiver } from './receiver.ts';
import { claim, complete, onceOnly } from './steps.ts';
import { inTurn, type Step, webhook, work, workflow } from './workflow.ts';

/* What finishes claims, on n8n's own engine: which of them, and what it says. */

let world: World;
let receiver: Receiver;
let engine: Engine;
beforeAll(async () => {
  [world, receiver] = await Promise.all([openWorld(), openReceiver()]);
  engine = openEngine({ apiKey: world.apiKey, baseUrl: world.baseUrl });
});
afterAll(() => Promise.all([world.close(), receiver.close()]));

const runOf = ({ data }: IRun, node: string, nth = 0) => data.resultData.runData[node]?.[nth];
const itemsOf = (run: IRun, node: string, nth = 0) => runOf(run, node, nth)?.data?.['main']?.[0] ?? [];
const hintsOf = (run: IRun, node: string, nth = 0): string =>
  (runOf(run, node, nth)?.hints ?? []).map(({ message }) => message).join('\n');
const errorOf = ({ data }: IRun): string => data.resultData.error?.message ?? '';
const named = (name: string, step: Step): Step => ({ ...step, name });
const statusOf = async (job: string, key: string): Promise<unknown> => {
  const outcome = await openClient(world).run('getKey', { job, key });
  return 'outputs' in outcome ? outcome.outputs['status'] : outcome;
};
const idsOf = (count: number): readonly object[] =>
  Array.from({ length: count }, (_, n) => ({ body: { id: `n${String(n)}` } }));

const whole = { complete_what: 'execution' };

test('All Claims of This Execution gives out, and keeps, as much for an item of many as for one of few', async () => {
  const sizes: number[] = [];
  for (const count of [50, 500]) {
    const job = `whole-${String(count)}`;
    const run = await engine.run(workflow(job, [webhook(job), claim(), complete(whole)]), idsOf(count));
    expect(itemsOf(run, 'Complete')).toHaveLength(count);
    expect(await statusOf(job, `n${String(count - 1)}`)).toBe('completed');
    const kept = run.data.executionData?.contextData ?? {};
    sizes.push((JSON.stringify(kept).length + JSON.stringify(itemsOf(run, 'Complete')).length) / count);
  }
  expect(sizes[1]).toBeLessThan(1.2 * (sizes[0] ?? 0));
});

test('each of them is listed in one item, and all go on as what became of them', async () => {
  const run = await engine.run(workflow('listed', [webhook('listed'), claim(), complete(whole)]), idsOf(3));
  const outputs = itemsOf(run, 'Complete').map(({ json }) => json['onceonly'] as { claims?: unknown[] });
  expect(outputs.map(({ claims }) => claims?.length)).toEqual([3, undefined, undefined]);
  for (const each of outputs)
    expect(each).toMatchObject({ status: 'completed', message: expect.stringContaining('one of 3 claims') });
});

test('reached twice, it says that all was finished before', async () => {
  const steps = [webhook('again'), claim(), complete(whole), named('Again', complete(whole))];
  const run = await engine.run(workflow('again', steps), idsOf(2));
  expect(errorOf(run)).toBe('');
  expect(hintsOf(run, 'Again')).toContain('was finished before');
  expect(hintsOf(run, 'Again')).not.toContain('duplicate');
});

test('behind a step that makes new items, the one claim that is still open is taken for that of whichever item', async () => {
  const token = "={{ $('Claim').first().json.onceonly.claim_token }}";
  const code: Step = {
    ...{ name: 'Code', type: 'n8n-nodes-base.code', typeVersion: 1 },
    parameters: { keeps: 'body' },
  };
  const first = named('First', complete({ claim_token: token }));
  const left = workflow('left', [webhook('left'), claim(), first, code, complete()], {
    connections: [
      ...inTurn([webhook('left'), claim(), first]),
      { from: 'Claim', to: 'Code' },
      { from: 'Code', to: 'Complete' },
    ],
  });
  const run = await engine.run(left, idsOf(2));
  expect(itemsOf(run, 'Complete').map(({ json }) => (json['onceonly'] as { key: string }).key)).toEqual([
    'left:n1',
    'left:n1',
  ]);
  expect(hintsOf(run, 'Complete')).toContain(
    '“left:n1” was taken, as the only claim still open. Behind “Code”',
  );
});

describe('a workflow that another one has started', () => {
  const start: Step = {
    ...{ name: 'Start', type: 'n8n-nodes-base.executeWorkflowTrigger', typeVersion: 1 },
    parameters: {},
  };
  const claimed = async (job: string): Promise<unknown> => {
    const outcome = await openClient(world).run('claimKey', { job, key: 'k' });
    return 'outputs' in outcome ? outcome.outputs['claim_token'] : outcome;
  };

  test('has no claims of its own, and is told where the one is found that was handed over', async () => {
    const item = { claim_token: await claimed('handed') };
    const behind = [start, work(receiver.url, 'handed'), complete(whole)];
    const run = await engine.run(workflow('child', behind), [item]);
    expect(errorOf(run)).toContain('Set “Complete What” to “The Claim of This Item”');
    expect(errorOf(run)).not.toContain('give this workflow an input named claim_token');
    expect(await statusOf('handed', 'k')).toBe('in_progress');
    expect(
      errorOf(await engine.run(workflow('child', [start, work(receiver.url, 'handed'), complete()]), [item])),
    ).toBe('');
    expect(await statusOf('handed', 'k')).toBe('completed');
  });

  test('is told which claims are not its own, beside those that it has', async () => {
    const item = { body: { id: 'own' }, claim_token: await claimed('parent') };
    const run = await engine.run(workflow('beside', [start, claim(), complete(whole)]), [item]);
    expect(hintsOf(run, 'Complete')).toContain(
      'Not completed: “parent:k”, which the workflow that started this one',
    );
    expect([await statusOf('beside', 'own'), await statusOf('parent', 'k')]).toEqual([
      'completed',
      'in_progress',
    ]);
  });

  test.each([
    ['as it came', []],
    ['behind a step that makes new items', [work('', 'two')]],
  ])('with two claims is not finished by a guess, %s', async (name, between) => {
    const jobs = [`first ${name}`, `second ${name}`];
    const [first, second] = await Promise.all(jobs.map(claimed));
    const item = { onceonly: { claim_token: first }, other: { claim_token: second } };
    const steps = between.map((each) => ({ ...each, parameters: { ...each.parameters, url: receiver.url } }));
    const run = await engine.run(workflow('two', [start, ...steps, complete()]), [item]);
    expect(errorOf(run)).toContain('this item came with 2 claims');
    for (const job of jobs) {
      expect(errorOf(run)).toContain(`“${job}:k”`);
      expect(await statusOf(job, 'k')).toBe('in_progress');
    }
  });
});

test('in parallel branches, a hint names what is still at work on the claim', async () => {
  const steps = [webhook('parallel'), claim(), work(receiver.url), complete()];
  const other = named('Other', work(receiver.url, '=other of {{ $json.body.id }}'));
  const parallel = workflow('parallel', [...steps, other], {
    connections: [...inTurn(steps), { from: 'Claim', to: 'Other' }, { from: 'Other', to: 'Complete' }],
  });
  const run = await engine.run(parallel, [{ body: { id: 'p' } }]);
  expect(hintsOf(run, 'Complete')).toMatch(/still to come: “Other”.*Merge/);
  expect(hintsOf(run, 'Complete', 1)).not.toContain('still to come');
});

test('a branch that works on another claim is not named', async () => {
  const steps = [webhook('apart'), claim({ job: 'a' }), work(receiver.url), complete()];
  const other = named('Other', claim({ job: 'b' }));
  const apart = workflow('apart', [...steps, other], {
    connections: [...inTurn(steps), { from: 'Webhook', to: 'Other' }, { from: 'Other', to: 'Complete' }],
  });
  const run = await engine.run(apart, [{ body: { id: 'q' } }]);
  expect(await statusOf('b', 'q')).toBe('completed');
  expect(hintsOf(run, 'Complete')).not.toContain('still to come');
});

test('a claim that one branch completes, and another one fails, is said to be finished by this very run', async () => {
  const failing = onceOnly('Fail', 'failKey', { reason: 'no' });
  const steps = [webhook('both'), claim(), complete()];
  const both = workflow('both', [...steps, failing], {
    connections: [...inTurn(steps), { from: 'Claim', to: 'Fail' }],
  });
  const run = await engine.run(both, [{ body: { id: 'r' } }]);
  expect(hintsOf(run, 'Complete')).toContain('still to come: “Fail”');
  expect(hintsOf(run, 'Fail')).toContain('This run finished “both:r” before');
  expect(await statusOf('both', 'r')).toBe('completed');
});

test('the same key twice in a batch is another item of this run', async () => {
  const run = await engine.run(
    workflow('batch', [webhook('batch'), claim({ on_duplicate: 'continue' }), complete()]),
    [{ body: { id: 's' } }, { body: { id: 's' } }],
  );
  const messages = itemsOf(run, 'Claim').map(({ json }) => (json['onceonly'] as { message: string }).message);
  expect(messages[1]).toContain('Another item of this run has claimed “batch:s”');
});

describe('by hand', () => {
  const byHand = (job: string, options: object, more: readonly Step[] = []) =>
    engine.run(
      workflow(job, [webhook(job), claim({ options }), ...more, complete()]),
      [{ body: { id: 'm' } }, { body: { id: 'n' } }],
      'manual',
    );

  test('a live claim that is completed is named', async () => {
    const run = await byHand('live', { claim_in_manual_runs: true });
    expect(await statusOf('live', 'm')).toBe('completed');
    expect(hintsOf(run, 'Complete')).toContain(
      'This manual run changed what live runs see: “live:m” “live:n”',
    );
  });

  test('nothing is said to be open, or complete, that a test has not claimed', async () => {
    const code: Step = {
      name: 'Code',
      type: 'n8n-nodes-base.code',
      typeVersion: 1,
      parameters: { keeps: 'body' },
    };
    const run = await byHand('tested', {}, [code]);
    expect(errorOf(run)).toContain('several claims went into');
    expect(errorOf(run)).not.toContain('still open');
    const half = workflow('half', [webhook('half'), claim(), named('First', complete())]);
    const tried = await engine.run(half, [{ body: { id: 'm' } }], 'manual');
    expect(hintsOf(tried, 'First')).toBe('A manual run: Test only: nothing was sent, and nothing changed.');
  });
});
