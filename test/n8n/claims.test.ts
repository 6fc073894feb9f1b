import type { IRun } from 'n8n-workflow';
import { openClient } from '../platforms/client.ts';
import { openWorld, type World } from '../world.ts';
import { openEngine, type Engine } from './engine.ts';
import { claim, complete } from './steps.ts';
import { webhook, work, workflow, type Step } from './workflow.ts';

/* Which claims are finished, on n8n's own engine. Each of n8n's nodes in between is tried in between.suite.ts. */

let world: World;
let engine: Engine;
beforeAll(async () => {
  world = await openWorld();
  engine = openEngine(world);
});
afterAll(() => world.close());

const code = (keeps: string): Step => ({
  ...{ name: 'Code', type: 'n8n-nodes-base.code', typeVersion: 2, parameters: { keeps } },
});
const ofId = claim({ key: '={{ $json.id }}' });
const itemsOf = (ids: readonly string[]): object[] => ids.map((id) => ({ id }));
const runOf = ({ data }: IRun, node: string) => data.resultData.runData[node]?.[0];
const hintsOf = (run: IRun, node: string): string =>
  (runOf(run, node)?.hints ?? []).map(({ message }) => message).join(' ');
const errorOf = ({ data }: IRun): string => data.resultData.error?.message ?? '';

async function statusesOf(job: string, ids: readonly string[]): Promise<readonly unknown[]> {
  const statuses: unknown[] = [];
  for (const key of ids) {
    const outcome = await openClient(world).run('getKey', { job, key });
    statuses.push(outcome.kind === 'continued' ? outcome.outputs['status'] : outcome);
  }
  return statuses;
}

test('an item carries nothing but what n8n allows', async () => {
  const run = await engine.run(
    workflow('members', [webhook('members'), ofId, complete()]),
    itemsOf(['a', 'b']),
  );
  const items = ['Claim', 'Complete'].flatMap((node) => runOf(run, node)?.data?.['main']?.[0] ?? []);
  expect(items).toHaveLength(4);
  expect(new Set(items.flatMap((item) => Object.keys(item)))).toEqual(new Set(['json', 'pairedItem']));
});

test('without its output in the items, a claim is found where it is the only one', async () => {
  const bare = claim({ key: '={{ $json.id }}', options: { output_field: '' } });
  const flow = workflow('bare', [webhook('bare'), bare, code('id'), complete()]);
  expect(errorOf(await engine.run(flow, itemsOf(['a'])))).toBe('');
  expect(await statusesOf('bare', ['a'])).toEqual(['completed']);
});

test('of several claims behind a step that made new items, none is finished, and the sentence says how to tell', async () => {
  const flow = workflow('several', [webhook('several'), ofId, code('id'), complete()]);
  const run = await engine.run(flow, itemsOf(['a', 'b', 'c']));
  expect(errorOf(run)).toContain('several claims went into “Code”');
  expect(errorOf(run)).toContain('3 of 3 claims of this execution are still open.');
  expect(await statusesOf('several', ['a', 'b', 'c'])).toEqual(Array(3).fill('in_progress'));
});

test('a duplicate that was let through is not taken for the one that was claimed', async () => {
  const first = workflow('through', [webhook('through'), ofId, complete()]);
  await engine.run(first, itemsOf(['known']));
  const letting = claim({ key: '={{ $json.id }}', on_duplicate: 'continue' });
  const flow = workflow('through', [webhook('through'), letting, code('id'), complete()]);
  expect(errorOf(await engine.run(flow, itemsOf(['known', 'new'])))).toContain('several claims went into');
  expect(await statusesOf('through', ['new'])).toEqual(['in_progress']);
  const keeping = workflow('through', [webhook('through'), letting, code('id,onceonly'), complete()]);
  expect(errorOf(await engine.run(keeping, itemsOf(['known', 'newer'])))).toBe('');
  expect(await statusesOf('through', ['newer'])).toEqual(['completed']);
});

test('where a step failed and n8n went on, a warning says that the key is complete all the same', async () => {
  const failing = work('http://127.0.0.1:1', '={{ $json.id }}', { onError: 'continueRegularOutput' });
  const run = await engine.run(
    workflow('went-on', [webhook('went-on'), ofId, failing, complete()]),
    itemsOf(['a']),
  );
  expect(hintsOf(run, 'Complete')).toContain('“Work” failed, and n8n went on');
  expect(await statusesOf('went-on', ['a'])).toEqual(['completed']);
});

test('what a step leaves open is said', async () => {
  const flow = workflow('left', [webhook('left'), ofId, { ...complete(), executeOnce: true }]);
  const run = await engine.run(flow, itemsOf(['a', 'b', 'c']));
  expect(hintsOf(run, 'Complete')).toContain('2 of 3 claims of this execution are still open.');
  const all = workflow('all', [webhook('all'), ofId, code('id'), complete({ complete_what: 'execution' })]);
  expect(hintsOf(await engine.run(all, itemsOf(['a', 'b', 'c'])), 'Complete')).toBe('');
  expect(await statusesOf('all', ['a', 'b', 'c'])).toEqual(Array(3).fill('completed'));
});

test('the outer of two nested claims is found once the inner is complete', async () => {
  const inner = {
    ...claim({ job: 'inner', key: '={{ $json.id }}', options: { output_field: '' } }),
    name: 'Inner',
  };
  const steps = [
    webhook('outer'),
    ofId,
    inner,
    { ...complete({ options: { output_field: '' } }), name: 'Inner done' },
    code('id'),
    complete(),
  ];
  expect(errorOf(await engine.run(workflow('outer', steps), itemsOf(['a'])))).toBe('');
  expect(await statusesOf('inner', ['a'])).toEqual(['completed']);
  expect(await statusesOf('outer', ['a'])).toEqual(['completed']);
});

describe('in a workflow that another one started', () => {
  const start: Step = {
    ...{ name: 'Start', type: 'n8n-nodes-base.executeWorkflowTrigger', typeVersion: 1.1, parameters: {} },
  };
  const tokenOf = async (key: string): Promise<unknown> => {
    const run = await engine.run(workflow('parent', [webhook('parent'), ofId]), itemsOf([key]));
    return runOf(run, 'Claim')?.data?.['main']?.[0]?.[0]?.json['onceonly'];
  };
  const child = workflow('child', [start, code('id'), complete()]);

  test.each(['onceonly', 'claim_token'])(
    'a claim that came with the item in %s is found behind new items',
    async (field) => {
      const outputs = (await tokenOf(field)) as { claim_token: string };
      const given = field === 'onceonly' ? outputs : outputs.claim_token;
      expect(errorOf(await engine.run(child, [{ id: 'x', [field]: given }]))).toBe('');
      expect(await statusesOf('parent', [field])).toEqual(['completed']);
    },
  );

  test('without one, the sentence says what to hand over', async () => {
    expect(errorOf(await engine.run(child, [{ id: 'x' }]))).toContain(
      'give this workflow an input named claim_token',
    );
  });
});

test('a run by hand says that it claimed nothing, and what a live run would have met', async () => {
  const flow = workflow('by-hand', [webhook('by-hand'), ofId, complete()]);
  const before = await engine.run(flow, itemsOf(['a']), 'manual');
  expect(hintsOf(before, 'Claim')).toContain('A manual run claims nothing');
  expect(hintsOf(before, 'Claim')).toContain('A live run would be the first');
  expect(hintsOf(before, 'Complete')).toContain('nothing changed');
  await engine.run(flow, itemsOf(['a']));
  expect(hintsOf(await engine.run(flow, itemsOf(['a']), 'manual'), 'Claim')).toContain(
    'would not be the first',
  );
});
