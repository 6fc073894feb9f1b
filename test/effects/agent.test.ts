import { toolCallKey, type Json } from '@onceonly/shared';
import axios from 'axios';
import { asText } from '../../shared/src/json.ts';
import { openClient } from '../platforms/client.ts';
import { openSink, type Sink } from '../storm/sink.ts';
import { openWorld, type World } from '../world.ts';
import { atOnce, runWith, STEPS } from './runs.ts';

const RUN = 'agent-run-1';
/** What the model asks for: the same call again, its arguments in another order, and then another call. */
const CALLS: readonly { readonly tool: string; readonly args: Record<string, Json> }[] = [
  { tool: 'create_ticket', args: { title: 'Printer', priority: 2 } },
  { tool: 'create_ticket', args: { priority: 2.0, title: 'Printer' } },
  { tool: 'create_ticket', args: { title: 'Printer', priority: 2 } },
  { tool: 'create_ticket', args: { title: 'Scanner', priority: 2 } },
];

let world: World;
let sink: Sink;
beforeEach(async () => {
  [world, sink] = await Promise.all([openWorld(), openSink()]);
});
afterEach(async () => {
  await sink.close();
  await world.close();
});

const call = async (tool: string, args: Record<string, Json>): Promise<unknown> => {
  const headers = { 'x-github-delivery': `${tool} ${asText(args['title'])}` };
  return (await axios.post<unknown>(sink.url, args, { headers, proxy: false })).data;
};

test('AI agents: without the steps, one that repeats itself calls again', async () => {
  for (const { tool, args } of CALLS) await call(tool, args);
  expect(sink.records.get('create_ticket Printer')).toBe(3);
});

test.each(STEPS)(
  'AI agents: with them, on %s, one call, and the repeated ones get its result',
  async (_, open) => {
    const step = await open(world);
    const results: unknown[] = [];
    for (const { tool, args } of CALLS) {
      const key = toolCallKey(RUN, tool, args);
      const claimed = await step.run('claimKey', { job: 'tools', key, on_duplicate: 'continue' });
      if (claimed.kind !== 'continued') throw new Error(claimed.message);
      const { proceed, result, claim_token } = claimed.outputs;
      if (proceed !== true) {
        results.push(result);
        continue;
      }
      const fresh = await call(tool, args);
      await step.run('completeKey', { claim_token, result: fresh });
      results.push(fresh);
    }
    await step.close();
    expect([...sink.records]).toEqual([
      ['create_ticket Printer', 1],
      ['create_ticket Scanner', 1],
    ]);
    const printer = { record: 'create_ticket Printer' };
    expect(results).toEqual([printer, printer, printer, { record: 'create_ticket Scanner' }]);
  },
);

test('a model that asks for the same call three times at once: one call, and all get its result', async () => {
  const [first] = CALLS;
  if (first === undefined) throw new Error('There are calls.');
  const { tool, args } = first;
  const EVENT = { job: 'tools', key: toolCallKey(RUN, tool, args) };
  await atOnce(() => runWith(world, EVENT, () => call(tool, args)));
  expect([...sink.records]).toEqual([['create_ticket Printer', 1]]);
  const seen = await openClient(world).run('claimKey', { ...EVENT, on_duplicate: 'continue' });
  expect(seen).toMatchObject({ outputs: { proceed: false, result: { record: 'create_ticket Printer' } } });
});

test('without the steps, three', async () => {
  await Promise.all(CALLS.slice(0, 3).map(({ tool, args }) => call(tool, args)));
  expect([...sink.records]).toEqual([['create_ticket Printer', 3]]);
});
