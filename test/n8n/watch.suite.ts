import { openClient } from '../platforms/client.ts';
import type { NodeRun } from './executions.ts';
import { useN8n } from './setting.ts';
import { claim, complete, onceOnly } from './steps.ts';
import { type Step, webhook, work, workflow } from './workflow.ts';

/** A step that only watches, in a real n8n: nothing is stopped, whatever comes. */

const split: Step = {
  ...{ name: 'Split', type: 'n8n-nodes-base.splitOut', typeVersion: 1 },
  parameters: { fieldToSplitOut: 'body.ids', options: { destinationFieldName: 'id' } },
};
const WATCH = { job: 'watch', on_duplicate: 'watch' };
const extend = onceOnly('Extend', 'extendClaim', {});
const fail = onceOnly('Fail', 'failKey', { reason: 'no' });
const PARTS = { ...WATCH, key: '={{ $json.body.event }}:{{ $json.body.order.id }}' };
const ORDER = '={{ $json.body.event }}';

const setting = useN8n({
  workflows: ({ receiver: { url } }) => {
    const byHand = workflow('by-hand', [webhook('by-hand'), claim(PARTS), work(url, ORDER), complete()]);
    const pinData = { Webhook: [{ json: { body: { event: 'by hand' } } }] };
    return [
      workflow('watch', [webhook('watch'), claim(WATCH), work(url), complete({ result: '{"n":1}' })]),
      workflow('failing', [webhook('failing'), claim(WATCH), work(url), extend, fail]),
      workflow('many', [
        webhook('many'),
        split,
        claim({ ...WATCH, key: '={{ $json.id }}' }, { alwaysOutputData: true }),
        work(url, '={{ $json.id }}'),
        { ...complete(), executeOnce: true },
      ]),
      workflow('all', [
        ...[webhook('all'), split, claim({ ...WATCH, key: '={{ $json.id }}' }), work(url, '={{ $json.id }}')],
        complete(),
      ]),
      workflow('parts', [
        webhook('parts'),
        claim({ ...PARTS, options: { output_field: 'once' } }),
        work(url, ORDER),
        complete(),
      ]),
      workflow('thrown', [
        webhook('thrown'),
        claim({ ...WATCH, key: "={{ $('Nowhere').item.json.id }}" }),
        work(url),
        complete(),
      ]),
      { ...byHand, pinData } satisfies typeof byHand & { readonly pinData: object },
    ];
  },
});

afterEach(() => {
  setting.wire.become('whole');
});

const hintsOf = (run: NodeRun | undefined): readonly string[] =>
  (run?.hints ?? []).map(({ message }) => message);
const outputsOf = (run: NodeRun | undefined, field = 'onceonly'): readonly unknown[] =>
  (run?.data?.['main']?.[0] ?? []).map(({ json }) => json[field]);

async function runsOf(path: string, body: object) {
  const [execution] = await setting.deliver(path, body);
  const { runData } = await setting.n8n.executions.data(execution?.id ?? '');
  return {
    status: execution?.status,
    claimed: runData['Claim']?.[0],
    ended: (runData['Complete'] ?? runData['Fail'])?.[0],
  };
}

async function eventsOf(): Promise<Record<string, number>> {
  const { baseUrl, operatorKey } = setting.world;
  const response = await fetch(`${baseUrl}/v1/events?limit=100`, {
    headers: { authorization: `Bearer ${operatorKey}` },
  });
  const { items } = (await response.json()) as { items: readonly { type: string }[] };
  return Object.fromEntries(
    [...Map.groupBy(items, ({ type }) => type)].map(([type, of]) => [type, of.length]),
  );
}

test('ten duplicates all go on, and ten are counted; what ends them changes nothing', async () => {
  await setting.deliver('watch', { id: 'w' });
  await setting.deliver('watch', ...Array.from({ length: 9 }, () => ({ id: 'w' })));
  const { status, claimed, ended } = await runsOf('watch', { id: 'w' });
  expect(status).toBe('success');
  expect(setting.receiver.done('w')).toBe(11);
  expect(await eventsOf()).toEqual({ claimed: 1, completed: 1, watched: 10 });
  expect(outputsOf(claimed)).toMatchObject([
    { proceed: true, would_have_stopped: true, status: 'completed' },
  ]);
  expect(hintsOf(claimed)).toEqual([expect.stringMatching(/^Not stopped: Watch only.*Duplicate/)]);
  expect(outputsOf(ended)).toMatchObject([{ status: 'watched', completed: false }]);
  expect(hintsOf(ended)).toEqual([]);
  const failed = await runsOf('failing', { id: 'w' });
  expect(failed.status).toBe('success');
  expect(outputsOf(failed.ended)).toMatchObject([{ status: 'watched', failed: false }]);
  expect(hintsOf(failed.ended)).toEqual([]);
  expect(await openClient(setting.world).run('getKey', { job: 'watch', key: 'w' })).toMatchObject({
    outputs: { status: 'completed', result: { n: 1 } },
  });
});

test('what would have been stopped is no open claim, and Always Output Data does no harm', async () => {
  await setting.deliver('all', { ids: ['m1', 'm2'] });
  const { status, claimed, ended } = await runsOf('many', { ids: ['m1', 'm2', 'm1'] });
  expect(status).toBe('success');
  expect(outputsOf(claimed)).toMatchObject(Array(3).fill({ would_have_stopped: true }));
  expect(hintsOf(ended)).toEqual([]);
});

test('of one key twice in one run, the second goes on too', async () => {
  const { status, claimed, ended } = await runsOf('all', { ids: ['s1', 's1'] });
  expect(status).toBe('success');
  expect(outputsOf(claimed)).toMatchObject([
    { would_have_stopped: false },
    { would_have_stopped: true, message: expect.stringMatching(/^Watch only.*this run/) as unknown },
  ]);
  expect(outputsOf(ended)).toMatchObject([{ completed: true }, { status: 'watched' }]);
  expect(hintsOf(ended)).toEqual([]);
});

const NOT_CHECKED = { status: 'not_checked', proceed: true, would_have_stopped: true };

test('what this node refuses of a key stops nothing, and is said', async () => {
  const { status, claimed, ended } = await runsOf('parts', { event: 'order.created' });
  expect(status).toBe('success');
  expect(outputsOf(claimed, 'once')).toMatchObject([NOT_CHECKED]);
  expect(hintsOf(claimed).join()).toContain('Part of the key is missing: {{ $json.body.order.id }} is empty');
  expect(outputsOf(ended)).toMatchObject([{ status: 'watched' }]);
  expect(hintsOf(ended)).toEqual([]);
  expect(setting.receiver.done('order.created')).toBe(1);
});

test('nor does an expression that fails', async () => {
  const { status, claimed } = await runsOf('thrown', { id: 'thrown' });
  expect(status).toBe('success');
  expect(outputsOf(claimed)).toMatchObject([NOT_CHECKED]);
  expect(setting.receiver.done('thrown')).toBe(1);
});

test.each([
  ['watch', { id: 'dead' }, 1],
  ['all', { ids: ['dead1', 'dead2'] }, 2],
  ['failing', { id: 'dead3' }, 1],
])('nothing is stopped where OnceOnly cannot be reached: %s', async (path, body, count) => {
  setting.wire.become('cut');
  const { status, claimed, ended } = await runsOf(path, body);
  expect(status).toBe('success');
  expect(outputsOf(claimed)).toMatchObject(Array(count).fill(NOT_CHECKED));
  expect(outputsOf(ended)).toMatchObject(Array(count).fill({ status: 'watched' }));
  expect(hintsOf(ended)).toEqual([]);
});

test('a run by hand stops nothing either', async () => {
  const { n8n, receiver } = setting;
  await n8n.rest.post('/workflows/by-hand/run', { triggerToStartFrom: { name: 'Webhook' } });
  const [execution] = await n8n.executions.settled('by-hand', 1);
  expect(execution?.status).toBe('success');
  const { runData } = await n8n.executions.data(execution?.id ?? '');
  expect(outputsOf(runData['Claim']?.[0])).toMatchObject([NOT_CHECKED]);
  expect(hintsOf(runData['Complete']?.[0])).toEqual([]);
  expect(receiver.done('by hand')).toBe(1);
});
