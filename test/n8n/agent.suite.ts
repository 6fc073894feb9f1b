import axios from 'axios';
import { agentWorkflow, modelAccount } from './agent.ts';
import { openModel, type Model } from './model.ts';
import { useN8n } from './setting.ts';
import { onceOnly } from './steps.ts';

let model: Model;
beforeAll(async () => {
  model = await openModel((asked) => {
    if (!asked.includes(' of ')) return { Key: 'order 1042' };
    const [, Order, Customer] = /order (\S+) of (\S+)/.exec(asked) ?? [];
    return { Order, Customer };
  }, 3);
});
afterAll(() => model.close());

const tool = {
  ...onceOnly('Claim', 'claimKey', {
    job: 'place order',
    key: "={{ $fromAI('Key', 'The order number', 'string') }}",
    options: { while_in_progress: 'stop' },
  }),
  type: 'n8n-nodes-onceonly.onceOnlyTool',
};

const ofTwo = {
  ...tool,
  parameters: {
    ...tool.parameters,
    key: "={{ $fromAI('Order', 'The order', 'string') }}:{{ $fromAI('Customer', 'The customer', 'string') }}",
  },
};

const setting = useN8n({
  workflows: () => [agentWorkflow('agent', tool), agentWorkflow('agent-of-two', ofTwo)],
  credentials: () => [modelAccount(model.url)],
});

test('an agent that repeats its tool call is told once to go on', async () => {
  const [execution] = await setting.deliver('agent', { text: 'Place order 1042.' });
  expect(execution?.status).toBe('success');
  expect(model.toolSaid).toHaveLength(3);
  const told = model.toolSaid.map((text) => /"proceed":\s*true/.test(text));
  expect(told).toEqual([true, false, false]);
  for (const text of model.toolSaid) expect(text).toContain('order 1042');
});

test('what came of the work is the answer to a call that is made again', async () => {
  const { baseUrl, apiKey, operatorKey } = setting.world;
  await setting.deliver('agent', { text: 'Place order 1042.' });
  const key = 'place order:order 1042';
  const ask = async (path: string, as: string, data?: object): Promise<{ version: number }> =>
    (
      await axios.request<{ version: number }>({
        ...{ url: baseUrl + path, method: data === undefined ? 'GET' : 'POST', data, proxy: false },
        headers: { authorization: `Bearer ${as}` },
      })
    ).data;
  const { version } = await ask(`/v1/ai/status?key=${encodeURIComponent(key)}`, apiKey);
  await ask('/v1/keys/resolve', operatorKey, { key, version, outcome: 'completed', result: { placed: 17 } });
  await setting.deliver('agent', { text: 'Place order 1042.' });
  for (const text of model.toolSaid) expect(text).toMatch(/"placed":\s*17/);
});

test('a model that writes the colon between two parts into one of them names another key', async () => {
  for (const [order, customer] of [
    ['a:b', 'c'],
    ['a', 'b:c'],
  ]) {
    await setting.deliver('agent-of-two', { text: `Place order ${String(order)} of ${String(customer)} .` });
    expect(model.toolSaid[0]).toMatch(/"proceed":\s*true/);
  }
});
