import { openClient } from '../platforms/client.ts';
import { modelAccount } from './agent.ts';
import type { Between } from './between-code.ts';
import { betweens, connectionsOf } from './between.ts';
import { openMailbox, type Mailbox } from './mailbox.ts';
import { openModel, type Model } from './model.ts';
import { useN8n } from './setting.ts';
import { claim, complete } from './steps.ts';
import { inTurn, type Step, webhook, work, workflow, type Workflow } from './workflow.ts';

/** Every common node of n8n between the claim and its completion, with three items of which the work of one fails. */

const IDS = ['a', 'b', 'c'];
const FAILS = 'b';

let mailbox: Mailbox;
let model: Model;
beforeAll(async () => {
  mailbox = await openMailbox();
  model = await openModel(() => ({}), 0);
});
afterAll(() => Promise.all([mailbox.close(), model.close()]));

const split: Step = {
  name: 'Split',
  type: 'n8n-nodes-base.splitOut',
  typeVersion: 1,
  parameters: { fieldToSplitOut: 'body.ids', options: { destinationFieldName: 'id' } },
};

/** Takes the claim's output out of the items, so that only what n8n knows of them is left. */
const strip = (id: string): Step => ({
  name: 'Strip',
  type: 'n8n-nodes-base.set',
  typeVersion: 3.4,
  parameters: { mode: 'raw', jsonOutput: `={{ JSON.stringify({ id: ${id} }) }}`, options: {} },
});

function flow(path: string, url: string, between: Between, completing: object = {}): Workflow {
  const start = webhook(path, path.includes('respond') ? 'responseNode' : 'onReceived');
  const claiming = claim({ key: '={{ $json.id }}' });
  const stripping = strip(between.id ?? '$json.id');
  const working = work(url, `=${path}-{{ $json.id }}`, { onError: 'continueErrorOutput' });
  const completed = complete(completing);
  return workflow(path, [start, split, claiming, ...between.steps, stripping, working, completed], {
    connections: [
      ...inTurn([start, split, claiming]),
      ...connectionsOf(between, claiming, stripping),
      ...inTurn([stripping, working, completed]),
    ],
  });
}

const names = betweens('').map(({ node, knows }) => ({ node, knows, path: pathOf(node) }));

function pathOf(node: string): string {
  return node.toLowerCase().replaceAll(/[^a-z]+/g, '-');
}

const setting = useN8n({
  workflows: ({ receiver: { url } }) => [
    ...betweens(url).map((between) => flow(pathOf(between.node), url, between)),
    ...betweens(url)
      .filter(({ knows }) => knows === 'asks')
      .map((between) => flow(`all-${pathOf(between.node)}`, url, between, { complete_what: 'execution' })),
  ],
  credentials: () => [
    modelAccount(model.url),
    {
      ...{ name: 'SMTP account', type: 'smtp' },
      data: { host: '127.0.0.1', port: mailbox.port, secure: false, disableStartTls: true },
    },
  ],
});

async function statusesOf(job: string, ids: readonly string[] = IDS): Promise<object> {
  const client = openClient(setting.world);
  const entries: [string, unknown][] = [];
  for (const key of ids) {
    const outcome = await client.run('getKey', { job, key });
    entries.push([key, outcome.kind === 'continued' ? outcome.outputs['status'] : outcome]);
  }
  return Object.fromEntries(entries);
}

async function deliver(path: string, ids: readonly string[], fails = FAILS) {
  setting.receiver.behave((id) => (id === `${path}-${fails}` ? 500 : 200));
  const [execution] = await setting.deliver(path, { ids });
  const { error, runData } = await setting.n8n.executions.data(execution?.id ?? '');
  return { error: error?.message ?? '', runData };
}

test.each(names.filter(({ knows }) => knows === 'each'))(
  '$node: what was done is complete, and what failed is not',
  async ({ path }) => {
    const { error, runData } = await deliver(path, IDS);
    expect(error).toBe('');
    expect(await statusesOf(path)).toEqual({ a: 'completed', b: 'in_progress', c: 'completed' });
    const allowed = new Set(['json', 'binary', 'pairedItem', 'error', 'index']);
    const items = ['Claim', 'Complete']
      .flatMap((name) => runData[name] ?? [])
      .flatMap(({ data }) => data?.['main']?.[0] ?? []);
    expect(items.flatMap((item) => Object.keys(item)).filter((member) => !allowed.has(member))).toEqual([]);
  },
);

test.each(names.filter(({ knows }) => knows === 'all'))(
  '$node: all of them are complete',
  async ({ path }) => {
    expect((await deliver(path, IDS)).error).toBe('');
    expect(await statusesOf(path)).toEqual({ a: 'completed', b: 'completed', c: 'completed' });
  },
);

describe.each(names.filter(({ knows }) => knows === 'asks'))('$node', ({ path, node }) => {
  test('of several claims Mark Complete completes none, and says how to tell it which', async () => {
    const { error } = await deliver(path, IDS, 'none');
    expect(error).toContain('several claims went into');
    expect(error).toContain('3 of 3 claims of this execution are still open');
    expect(error).toContain('All Claims of This Execution');
    expect(await statusesOf(path)).toEqual({ a: 'in_progress', b: 'in_progress', c: 'in_progress' });
  });

  test('one claim is found', async () => {
    expect((await deliver(path, ['d'], 'none')).error).toBe('');
    expect(await statusesOf(path, ['d'])).toEqual({ d: 'completed' });
  });

  test('All Claims of This Execution completes them', async () => {
    expect((await deliver(`all-${path}`, IDS, 'none')).error).toBe('');
    expect([node, await statusesOf(`all-${path}`)]).toEqual([
      node,
      { a: 'completed', b: 'completed', c: 'completed' },
    ]);
  });
});
