import { agentWorkflow, modelAccount } from './agent.ts';
import { openModel, type Model } from './model.ts';
import { useN8n } from './setting.ts';
import { onceOnly } from './steps.ts';

let model: Model;
beforeAll(async () => {
  model = await openModel({ Key: 'order 1042' }, 3);
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

const setting = useN8n({
  workflows: () => [agentWorkflow('agent', tool)],
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
