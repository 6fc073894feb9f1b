import type { Credential } from './instance.ts';
import { type Step, webhook, workflow, type Workflow } from './workflow.ts';

const KEY = { openAiApi: { name: 'Model' } };

/** For the model at an address. */
export const modelAccount = (url: string): Credential => ({
  name: KEY.openAiApi.name,
  type: 'openAiApi',
  data: { apiKey: 'sk-of-no-use', url, header: false },
});

const agent: Step = {
  name: 'Agent',
  type: '@n8n/n8n-nodes-langchain.agent',
  typeVersion: 2.2,
  parameters: { promptType: 'define', text: '={{ $json.body.text }}', options: {} },
};

const model: Step = {
  name: 'Model',
  type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
  typeVersion: 1.2,
  parameters: { model: { __rl: true, mode: 'list', value: 'gpt-4.1-mini' }, options: {} },
  credentials: KEY,
};

/** A webhook that asks n8n's AI Agent, which has one tool and a model behind OpenAI's interface. */
export const agentWorkflow = (id: string, tool: Step): Workflow =>
  workflow(id, [webhook(id), agent, model, tool], {
    connections: [
      { from: 'Webhook', to: 'Agent' },
      { from: 'Model', to: 'Agent', type: 'ai_languageModel' },
      { from: tool.name, to: 'Agent', type: 'ai_tool' },
    ],
  });
