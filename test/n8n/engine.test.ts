import type { IRun } from 'n8n-workflow';
import { openClient } from '../platforms/client.ts';
import { openWorld, type World } from '../world.ts';
import { openEngine, type Engine } from './engine.ts';
import { openReceiver, type Receiver } from './receiver.ts';
import { claim, complete, onceOnly } from './steps.ts';
import { openWire, type Wire } from './wire.ts';
import { inTurn, type Step, webhook, work, workflow, type Workflow } from './workflow.ts';

/* The node on n8n's own engine. What a user sees in a whole n8n is in the long tests beside this file. */

let world: World;
let wire: Wire;
let receiver: Receiver;
let engine: Engine;
beforeAll(async () => {
  [world, receiver] = await Promise.all([openWorld(), openReceiver()]);
  wire = await openWire(world.baseUrl);
  engine = openEngine({ apiKey: world.apiKey, baseUrl: wire.baseUrl });
});
afterEach(() => {
  wire.become('whole');
});
afterAll(async () => {
  await wire.close();
  await Promise.all([world.close(), receiver.close()]);
});

const chain = (id: string, settings: object = {}, parameters = {}): Workflow =>
  workflow(id, [webhook(id), claim(parameters, settings), work(receiver.url), complete()]);

const deliver = (path: string, ids: readonly string[]): Promise<readonly IRun[]> =>
  Promise.all(ids.map((id) => engine.run(chain(path), [{ headers: {}, body: { id, total: 7 } }])));

const runsOf = ({ data }: IRun, node: string) => data.resultData.runData[node]?.[0];
const itemsOf = (run: IRun, node: string) => runsOf(run, node)?.data?.['main']?.[0];
const errorOf = ({ data }: IRun): string => {
  const { message, description } = data.resultData.error ?? { message: '', description: '' };
  return `${message} ${description ?? ''}`;
};

test('what happened names the workflow, and leads to its execution', async () => {
  await deliver('named', ['where', 'where']);
  const headers = { authorization: `Bearer ${world.apiKey}` };
  const events = await fetch(`${world.baseUrl}/v1/events?key=named:where`, { headers });
  const { items } = (await events.json()) as { items: readonly Record<string, unknown>[] };
  const links = items.map((event) => event['run_url']);
  expect(links).toHaveLength(3);
  for (const link of links) expect(link).toMatch(/^http:\/\/127\.0\.0\.1\/workflow\/named\/executions\/\d+$/);
  expect(new Set(links).size).toBe(2);
  expect(items[0]).toMatchObject({ platform: 'n8n', workflow: 'named' });
});

test('a delivery does its work, and its item goes on as it came', async () => {
  const [run] = await deliver('orders', ['single']);
  if (run === undefined) throw new Error('Nothing ran.');
  expect(errorOf(run)).toBe(' ');
  expect(itemsOf(run, 'Claim')).toEqual([
    expect.objectContaining({
      json: {
        headers: {},
        body: { id: 'single', total: 7 },
        onceonly: expect.objectContaining({ proceed: true, key: 'orders:single', attempt: 1 }),
      },
      pairedItem: expect.objectContaining({ item: 0 }),
    }),
  ]);
  expect(receiver.done('single')).toBe(1);
  // Behind the work, whose item is a new one, it finds its claim by itself.
  expect(itemsOf(run, 'Complete')).toHaveLength(1);
  expect(await openClient(world).run('getKey', { job: 'orders', key: 'single' })).toMatchObject({
    outputs: { status: 'completed' },
  });
});

test('a duplicate stops at the claim, and a hint says why', async () => {
  await deliver('orders', ['twice']);
  const [run] = await deliver('orders', ['twice']);
  if (run === undefined) throw new Error('Nothing ran.');
  expect(Object.keys(run.data.resultData.runData)).toEqual(['Webhook', 'Claim']);
  const hint = runsOf(run, 'Claim')
    ?.hints?.map(({ message }) => message)
    .join();
  expect(hint).toContain('orders:twice');
  expect(receiver.done('twice')).toBe(1);
});

test('of fifty deliveries at once one goes on, in each of three rounds', async () => {
  for (const event of ['storm-1', 'storm-2', 'storm-3']) {
    await deliver(
      'orders',
      Array.from({ length: 50 }, () => event),
    );
    expect(receiver.done(event)).toBe(1);
  }
});

test.each(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'])(
  'where a claim cannot be checked, no work is done under %s',
  async (onError) => {
    const steps = [webhook(onError), claim({}, { onError }), work(receiver.url)];
    const elsewhere = work(receiver.url, '=error of {{ $json.body.id }}', { name: 'Elsewhere' });
    const failing =
      onError === 'continueErrorOutput'
        ? workflow(onError, [...steps, elsewhere], {
            connections: [...inTurn(steps), { from: 'Claim', output: 1, to: 'Elsewhere' }],
          })
        : workflow(onError, steps);
    wire.become('cut');
    const run = await engine.run(failing, [{ body: { id: onError } }]);
    expect(run.status).toBe(onError === 'stopWorkflow' ? 'error' : 'success');
    expect(receiver.asked(onError)).toBe(0);
    wire.become('whole');
    await engine.run(failing, [{ body: { id: onError } }]);
    expect(receiver.done(onError)).toBe(1);
  },
);

test('of chosen fields, headers that are new with each delivery make no second event of a version', async () => {
  const chosen = { key: '', key_from: 'fields', fields: 'headers.x-record\nbody.id' };
  const options = { sequence: '={{ $json.body.version }}' };
  const versions = chain('versions', {}, { ...chosen, options });
  const deliverOnce = (request: string) =>
    engine.run(versions, [
      {
        ...{ params: {}, query: {}, body: { id: 'v1', version: 7 } },
        headers: { 'x-record': 'r', 'x-request-id': request },
      },
    ]);
  expect(errorOf(await deliverOnce('first'))).toBe(' ');
  await deliverOnce('again');
  expect(receiver.done('v1')).toBe(1);
});

test('Always Output Data is refused by the node, and named', async () => {
  const run = await engine.run(chain('always', { alwaysOutputData: true }), [{ body: { id: 'always' } }]);
  expect(run.status).toBe('error');
  expect(errorOf(run)).toContain('Always Output Data');
  expect(receiver.asked('always')).toBe(0);
});

test('where the answer to a claim was lost, Retry On Fail finds its own claim', async () => {
  let lost = 0;
  // More than the node sends again by itself.
  wire.become(() => ((lost += 1) <= 6 ? 'loses answers' : 'whole'));
  const retried = chain('retried', { retryOnFail: true, maxTries: 3, waitBetweenTries: 10 });
  const run = await engine.run(retried, [{ body: { id: 'retried' } }]);
  expect(run.status).toBe('success');
  expect(lost).toBeGreaterThan(6);
  expect(receiver.done('retried')).toBe(1);
});

test('a thousand items are claimed in two requests, and of a later thousand and one the last goes on', async () => {
  const many = workflow('many', [webhook('many'), claim(), complete()]);
  const items = Array.from({ length: 1_000 }, (_, n) => ({ body: { id: `m${String(n)}` } }));
  const before = wire.requests.length;
  expect(itemsOf(await engine.run(many, items), 'Complete')).toHaveLength(1_000);
  const claims = wire.requests.slice(before).filter((path) => path.startsWith('/v1/ai/lease'));
  expect(claims.length).toBeLessThanOrEqual(2);
  const again = await engine.run(many, [...items, { body: { id: 'one more' } }]);
  expect(itemsOf(again, 'Complete')).toHaveLength(1);
});

test('a poll of 500 rows that overlaps a running one waits for none of them, and its new row goes on', async () => {
  const rows = Array.from({ length: 500 }, (_, n) => ({ body: { id: `row ${String(n)}` } }));
  const poll = (steps: readonly Step[]): Workflow => workflow('poll', [webhook('poll'), ...steps]);
  // It has not come to its end: its claims are open.
  await engine.run(poll([claim()]), rows);
  const waiting = onceOnly('Claim', 'claimKey', { key: '={{ $json.body.id }}' });
  const before = wire.requests.length;
  const run = await engine.run(poll([waiting, complete()]), [...rows, { body: { id: 'new' } }]);
  expect(itemsOf(run, 'Complete')).toMatchObject([{ json: { body: { id: 'new' } } }]);
  // 500 go into one request; those that stop are asked for once more, and then count; the account says what the service can do.
  expect(wire.requests.slice(before).toSorted()).toEqual([
    ...['/v1/ai/complete', ...Array<string>(3).fill('/v1/ai/lease/batch'), '/v1/me?derivation=1'],
  ]);
});

test('a run by hand goes on with a test token and claims nothing, unless that is switched on', async () => {
  const tokenOf = (run: IRun): unknown => itemsOf(run, 'Claim')?.[0]?.json['onceonly'];
  const byHand = await engine.run(chain('by-hand'), [{ body: { id: 'e1' } }], 'manual');
  expect(tokenOf(byHand)).toMatchObject({ claim_token: expect.stringMatching(/^test_/) });
  expect(await openClient(world).run('getKey', { job: 'by-hand', key: 'e1' })).toMatchObject({
    outputs: { exists: false },
  });
  const claiming = chain('claiming', {}, { options: { claim_in_manual_runs: true } });
  const claimed = await engine.run(claiming, [{ body: { id: 'e1' } }], 'manual');
  expect(tokenOf(claimed)).not.toMatchObject({ claim_token: expect.stringMatching(/^test_/) });
});

test.each([
  ['by a workflow that is run by hand', 'integrated', 'manual'],
  ['by an evaluation', 'evaluation', undefined],
  ['by a workflow that an evaluation runs', 'integrated', 'evaluation'],
] as const)('what is started %s claims nothing', async (job, mode, root) => {
  const run = await engine.run(chain(job), [{ body: { id: 'e1' } }], mode, root);
  expect(run.data.resultData.error).toBeUndefined();
  expect(itemsOf(run, 'Claim')?.[0]?.json['onceonly']).toMatchObject({
    claim_token: expect.stringMatching(/^test_/),
  });
  const live = await engine.run(chain(job), [{ body: { id: 'e1' } }], 'integrated', 'webhook');
  expect(itemsOf(live, 'Complete')?.[0]?.json['onceonly']).toMatchObject({ completed: true });
});

test('whether a run by hand claims may be an expression that gives text; what is neither yes nor no is refused', async () => {
  const byHand = (job: string, setting: string) =>
    engine.run(
      chain(job, {}, { options: { claim_in_manual_runs: setting } }),
      [{ body: { id: 'e1' } }],
      'manual',
    );
  const claims = await byHand('text-yes', "={{ 'true' }}");
  expect(itemsOf(claims, 'Claim')?.[0]?.json['onceonly']).toMatchObject({
    claim_token: expect.stringMatching(/^claim_/),
  });
  const tests = await byHand('text-no', "={{ 'false' }}");
  expect(itemsOf(tests, 'Claim')?.[0]?.json['onceonly']).toMatchObject({
    claim_token: expect.stringMatching(/^test_/),
  });
  expect(errorOf(await byHand('text-neither', "={{ 'perhaps' }}"))).toContain(
    '“Claim in Manual Runs” must be yes or no.',
  );
});

test('a completion that failed, where n8n went on, leaves its claim to the step that follows', async () => {
  const failing = complete({}, { onError: 'continueRegularOutput' });
  const fail = onceOnly('Fail', 'failKey', { reason: 'no' });
  const inner: Step = { ...claim({ job: 'inner' }), name: 'Inner' };
  const steps = [webhook('left-open'), claim(), inner, failing];
  wire.become(() => (wire.requests.at(-1)?.startsWith('/v1/ai/complete') === true ? 'cut' : 'whole'));
  const run = await engine.run(workflow('left-open', [...steps, fail]), [{ body: { id: 'lo' } }]);
  expect(errorOf(run)).toBe(' ');
  expect(itemsOf(run, 'Complete')?.[0]?.json).toHaveProperty('error');
  expect(run.data.resultData.runData['Complete']?.[0]?.hints).toContainEqual(
    expect.objectContaining({
      message: expect.stringMatching(/^Failed, and went on as On Error says: OnceOnly could not/),
    }),
  );
  expect(itemsOf(run, 'Fail')?.[0]?.json['onceonly']).toMatchObject({ key: 'inner:lo', failed: true });
});

test.each(['a revoked key', 'no address'])(
  'a step that only watches goes on where its credential cannot be used: %s',
  async (credential) => {
    const lame =
      credential === 'no address'
        ? { apiKey: world.apiKey, baseUrl: 'nowhere' }
        : { apiKey: 'once_live_revoked', baseUrl: wire.baseUrl };
    for (const ids of [['one'], ['two', 'three']]) {
      const items = ids.map((id) => ({ body: { id: `${credential} ${id}` } }));
      const run = await openEngine(lame).run(chain('watch', {}, { on_duplicate: 'watch' }), items);
      expect(errorOf(run)).toBe(' ');
      expect(itemsOf(run, 'Claim')?.map(({ json }) => json['onceonly'])).toMatchObject(
        ids.map(() => ({ status: 'not_checked', would_have_stopped: true, proceed: true })),
      );
      expect(itemsOf(run, 'Complete')).toHaveLength(ids.length);
      expect(ids.map((id) => receiver.done(`${credential} ${id}`))).toEqual(ids.map(() => 1));
    }
  },
);

test('an API key that the server does not know is an error, and no work is done', async () => {
  const stranger = openEngine({ apiKey: 'once_live_revoked', baseUrl: wire.baseUrl });
  const run = await stranger.run(chain('stranger'), [{ body: { id: 'stranger' } }]);
  expect(run.status).toBe('error');
  expect(receiver.asked('stranger')).toBe(0);
});
