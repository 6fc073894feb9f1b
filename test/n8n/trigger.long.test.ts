import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import axios from 'axios';
import { useN8n } from './setting.ts';
import { claim, complete } from './steps.ts';
import { template } from './templates.ts';
import { webhook, work, workflow } from './workflow.ts';

const setting = useN8n({
  today: true,
  workflows: ({ receiver: { url } }) => [
    template('post-run-died', url),
    workflow('orders', [webhook('orders'), claim({ options: { hold_minutes: 1 } }), work(url), complete()]),
  ],
});

interface Hook {
  readonly url: string;
  readonly events: readonly string[];
}

async function hooks(): Promise<readonly Hook[]> {
  const { baseUrl, apiKey } = setting.world;
  const headers = { authorization: `Bearer ${apiKey}` };
  const { data } = await axios.get<{ items: Hook[] }>(`${baseUrl}/v1/hooks`, { headers, proxy: false });
  return data.items;
}

/** What n8n keeps of a workflow from one start to the next; its REST interface does not tell. */
function keptOf(workflowId: string): string {
  const file = join(setting.n8n.userFolder, '.n8n/database.sqlite');
  const db = new DatabaseSync(file, { readOnly: true });
  const row = db.prepare('SELECT staticData FROM workflow_entity WHERE id = ?').get(workflowId);
  db.close();
  return String(row?.['staticData']);
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(50);
}

test('a workflow of the trigger registers its hook, and no second one when n8n starts again', async () => {
  const { n8n } = setting;
  // n8n publishes a workflow after it has answered, and remembers the hook a moment after it has it.
  await until(() => keptOf('post-run-died').includes('"hookId"'));
  const registered = await hooks();
  expect(registered).toEqual([
    expect.objectContaining({ events: ['run_died'], url: expect.stringContaining(n8n.url) }),
  ]);
  await n8n.kill();
  await n8n.start();
  expect(await hooks()).toEqual(registered);
});

test('it fires when a run is killed between claim and complete', async () => {
  const { n8n, receiver, world } = setting;
  // The work of the run that dies never ends.
  receiver.behave((id) => (id === 'e1' ? new Promise(() => undefined) : 200));
  await n8n.send('orders', { id: 'e1' });
  await until(() => receiver.asked('e1') === 1);
  await n8n.kill();
  await n8n.start();
  // n8n refuses a delivery whose time is not its own, by minutes.
  world.advance(Math.max(60_000, Date.now() - world.now()));
  await until(() => receiver.done('orders:e1') > 0);
  const [execution] = await n8n.executions.settled('post-run-died', 1);
  const { runData } = await n8n.executions.data(execution?.id ?? '');
  expect(runData['Run Died']?.[0]?.data?.['main']?.[0]?.[0]?.json).toMatchObject({
    job: 'orders',
    event_key: 'e1',
    attempt: 1,
    message: expect.stringContaining('Run Died: “orders:e1”'),
  });
  expect(receiver.done('orders:e1')).toBe(1);
});

test('what nobody of its server has signed does not start it', async () => {
  const { n8n, receiver } = setting;
  const [hook] = await hooks();
  const body = { type: 'run_died', timestamp: new Date().toISOString(), data: { key: 'orders:forged' } };
  const answer = await axios.post<unknown>(hook?.url ?? '', body, {
    proxy: false,
    validateStatus: () => true,
  });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(receiver.asked('orders:forged')).toBe(0);
  expect(await n8n.executions.newest('post-run-died')).toBeGreaterThan(0);
});

test('it removes its hook when it is switched off', async () => {
  await setting.n8n.deactivate('post-run-died');
  await until(async () => (await hooks()).length === 0);
  expect(await hooks()).toEqual([]);
});
