import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openClient } from '../platforms/client.ts';
import { useN8n } from './setting.ts';
import { ACCOUNT, claim, complete } from './steps.ts';
import { webhook, work, workflow, type Step, type Workflow } from './workflow.ts';

/** With what the webhook was sent before pinned, as the editor keeps it; all do one job. */
function orders(path: string, url: string, pinned?: { readonly id: string; readonly options: object }) {
  const options = pinned?.options ?? {};
  const made = workflow(path, [webhook(path), claim({ job: 'orders', options }), work(url), complete()]);
  if (pinned === undefined) return made;
  const pinData = { Webhook: [{ json: { body: { id: pinned.id } } }] };
  return { ...made, pinData } satisfies Workflow & { readonly pinData: object };
}

const called: Step = {
  ...{ name: 'Called', type: 'n8n-nodes-base.executeWorkflowTrigger', typeVersion: 1.1 },
  parameters: { inputSource: 'passthrough' },
};
const calls = (id: string): Step => ({
  ...{ name: 'Call', type: 'n8n-nodes-base.executeWorkflow', typeVersion: 1.2 },
  parameters: { workflowId: { __rl: true, mode: 'id', value: id }, options: {} },
});

/** A workflow that is run by hand and calls another one, which claims. */
const calling: Workflow & { readonly pinData: object } = {
  ...workflow('calling', [webhook('calling'), calls('called')]),
  pinData: { Webhook: [{ json: { body: { id: 'e3' } } }] },
};

const setting = useN8n({
  workflows: ({ receiver: { url } }) => [
    workflow('called', [called, claim({ job: 'orders' }), work(url), complete()]),
    calling,
    orders('orders', url),
    orders('by-hand', url, { id: 'e1', options: {} }),
    orders('by-hand-claiming', url, { id: 'e2', options: { claim_in_manual_runs: true } }),
  ],
});

test('the credential is tested against the service', async () => {
  const { apiKey, baseUrl } = setting.world;
  const made = await setting.n8n.rest.get<{ id: string; name: string }[]>('/credentials');
  const account = made.find(({ name }) => name === ACCOUNT.onceOnlyApi.name);
  expect(account).toBeDefined();
  const connectWith = async (data: object): Promise<unknown> => {
    const credentials = { ...ACCOUNT.onceOnlyApi, id: account?.id, type: 'onceOnlyApi', data };
    return setting.n8n.rest.post('/credentials/test', { credentials });
  };
  for (const url of [baseUrl, `${baseUrl}/`, `${baseUrl}/v1`])
    expect(await connectWith({ apiKey, baseUrl: url })).toMatchObject({ status: 'OK' });
  expect(await connectWith({ apiKey: 'once_live_wrong', baseUrl })).toMatchObject({ status: 'Error' });

  // What answers everything with success, a parked domain or a login page, is no OnceOnly service.
  const other = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end('{"status":"ok"}');
  }).listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const said = await connectWith({ apiKey, baseUrl: `http://127.0.0.1:${String(port)}` });
  expect(said).toMatchObject({
    status: 'Error',
    message: expect.stringContaining('but not OnceOnly') as string,
  });
  other.closeAllConnections();
  other.close();
});

/** As "Execute workflow" in the editor; answers the token of its claim. */
async function runByHand(id: string): Promise<string | undefined> {
  const { n8n } = setting;
  const since = await n8n.executions.newest(id);
  const started = await n8n.rest.post(`/workflows/${id}/run`, { triggerToStartFrom: { name: 'Webhook' } });
  expect(started).toHaveProperty('executionId');
  const [execution] = await n8n.executions.settled(id, 1, since);
  const { runData } = await n8n.executions.data(execution?.id ?? '');
  expect(execution?.status).toBe('success');
  const item = runData['Claim']?.[0]?.data?.['main']?.[0]?.[0]?.json['onceonly'];
  return (item as { claim_token: string } | undefined)?.claim_token;
}

test('a run by hand goes on with a test token and claims nothing', async () => {
  expect(await runByHand('by-hand')).toMatch(/^test_/);
  expect(await openClient(setting.world).run('getKey', { job: 'orders', key: 'e1' })).toMatchObject({
    outputs: { exists: false },
  });
  await setting.deliver('orders', { id: 'e1' });
  expect(setting.receiver.done('e1')).toBe(2);
});

test('nor does a workflow that it calls', async () => {
  const { n8n } = setting;
  const since = await n8n.executions.newest('calling');
  await n8n.rest.post('/workflows/calling/run', { triggerToStartFrom: { name: 'Webhook' } });
  const [execution] = await n8n.executions.settled('calling', 1, since);
  const { runData, error } = await n8n.executions.data(execution?.id ?? '');
  expect(error).toBeUndefined();
  expect(runData['Call']?.[0]?.data?.['main']?.[0]?.[0]?.json['onceonly']).toMatchObject({
    message: expect.stringContaining('Test only') as string,
  });
  expect(await openClient(setting.world).run('getKey', { job: 'orders', key: 'e3' })).toMatchObject({
    outputs: { exists: false },
  });
});

test('a run by hand claims where that is switched on', async () => {
  expect(await runByHand('by-hand-claiming')).not.toMatch(/^test_/);
  await setting.deliver('orders', { id: 'e2' });
  expect(setting.receiver.done('e2')).toBe(1);
});
