import axios from 'axios';
import { openClient } from '../platforms/client.ts';
import { agentWorkflow, modelAccount } from './agent.ts';
import { openMailbox, type Mailbox } from './mailbox.ts';
import { openModel, type Model } from './model.ts';
import { useN8n } from './setting.ts';
import { claim, complete } from './steps.ts';
import { MAIL_ACCOUNT, template } from './templates.ts';
import { webhook, work, workflow, type Step, type Workflow } from './workflow.ts';

let mailbox: Mailbox;
let model: Model;
beforeAll(async () => {
  mailbox = await openMailbox();
  model = await openModel(() => ({ order_id: '1042' }), 2);
});
afterAll(() => Promise.all([mailbox.close(), model.close()]));

/** As the agent of a user calls the template. */
const tool: Step = {
  name: 'place_order',
  type: '@n8n/n8n-nodes-langchain.toolWorkflow',
  typeVersion: 2.2,
  parameters: {
    description: 'GlobalKeys an order',
    workflowId: { __rl: true, mode: 'id', value: 'agent-tool' },
    workflowInputs: {
      mappingMode: 'defineBelow',
      value: { order_id: "={{ $fromAI('order_id', '', 'string') }}" },
      schema: [{ id: 'order_id', displayName: 'order_id', type: 'string', required: false, display: true }],
    },
  },
};

/** The same tool, told of the agent's run beside what the model says. */
const toolOfRun: Step = {
  ...tool,
  parameters: {
    description: 'GlobalKeys an order',
    workflowId: { __rl: true, mode: 'id', value: 'agent-tool-whole' },
    workflowInputs: {
      mappingMode: 'defineBelow',
      value: { order_id: "={{ $fromAI('order_id', '', 'string') }}", run: '={{ $execution.id }}' },
      schema: ['order_id', 'run'].map((id) => ({
        ...{ id, displayName: id, type: 'string', required: false, display: true },
      })),
    },
  },
};

/** The template with a key of all that the tool was called with. */
function byWholeItem(url: string): Workflow {
  const file = template('agent-tool', url);
  const text = JSON.stringify({ ...file, id: 'agent-tool-whole', name: 'agent-tool-whole' })
    .replace('"key":"={{ $json.order_id }}"', '"key_from":"whole"')
    .replace('[{"name":"order_id"}]', '[{"name":"order_id"},{"name":"run"}]');
  return JSON.parse(text) as Workflow;
}

const setting = useN8n({
  workflows: ({ receiver: { url } }) => [
    ...['stripe-one-fulfilment', 'form-double-click', 'email-sent-once'].map((file) => template(file, url)),
    template('agent-tool', url),
    agentWorkflow('agent', tool),
    byWholeItem(url),
    agentWorkflow('agent-of-run', toolOfRun),
    template('fail-claims-of-a-failed-run', url),
    workflow('failing', [webhook('failing'), claim(), work(url), complete()], {
      settings: { errorWorkflow: 'fail-claims-of-a-failed-run' },
    }),
  ],
  credentials: () => [
    modelAccount(model.url),
    {
      ...MAIL_ACCOUNT.smtp,
      type: 'smtp',
      data: { host: '127.0.0.1', port: mailbox.port, secure: false, disableStartTls: true },
    },
  ],
});

const statusOf = async (job: string, key: string): Promise<unknown> => {
  const outcome = await openClient(setting.world).run('getKey', { job, key });
  return outcome.kind === 'continued' ? outcome.outputs['status'] : outcome;
};

test('Stripe: one fulfilment, and every delivery is answered 200 at once', async () => {
  const { n8n, receiver } = setting;
  const payment = { id: 'evt_1', type: 'checkout.session.completed', data: { object: { id: 'cs_1' } } };
  for (const before of [0, 1]) {
    const answer = await n8n.send('stripe-payment', payment);
    expect(answer).toEqual({ status: 200, data: { message: 'Workflow was started' } });
    await n8n.executions.settled('stripe-one-fulfilment', before + 1);
    expect(receiver.done('cs_1')).toBe(1);
  }
  expect(await statusOf('fulfil order', 'evt_1')).toBe('completed');
});

test('Forms: a double click registers once, and both are thanked', async () => {
  const { n8n, receiver } = setting;
  const submit = async () => {
    const form = new FormData();
    form.append('field-0', 'An@example.com');
    form.append('field-1', 'Meeting');
    return axios.post<unknown>(`${n8n.url}/form/register`, form, { proxy: false });
  };
  const answers = await Promise.all([submit(), submit()]);
  // At which the form's page shows its thanks.
  for (const { status, data } of answers)
    expect({ status, data }).toEqual({ status: 200, data: { status: 200 } });
  const page = await axios.get<string>(`${n8n.url}/form/register`, { proxy: false });
  expect(page.data).toContain('Thank you, you are registered.');
  await n8n.executions.settled('form-double-click', 2);
  expect(receiver.done('An@example.com')).toBe(1);
});

test('E-mail: sent once, and every request is answered 200 at once', async () => {
  const { n8n } = setting;
  const mail = { id: 'm1', to: 'an@example.com', subject: 'Your order', text: 'It is on its way.' };
  for (const before of [0, 1]) {
    const answer = await n8n.send('send-email', mail);
    expect(answer).toEqual({ status: 200, data: { message: 'Workflow was started' } });
    await n8n.executions.settled('email-sent-once', before + 1);
    expect(mailbox.mails).toEqual([expect.stringContaining('It is on its way.')]);
  }
  expect(await statusOf('send e-mail', 'm1')).toBe('completed');
});

test('AI agents: the second call returns what came of the first', async () => {
  const [execution] = await setting.deliver('agent', { text: 'Place order 1042.' });
  expect(execution?.status).toBe('success');
  expect(setting.receiver.done('1042')).toBe(1);
  expect(model.toolSaid).toHaveLength(2);
  expect(model.toolSaid[0]).toContain('receipt of 1042');
  expect(model.toolSaid[1]).toBe(model.toolSaid[0]);
});

test('AI agents: by run and arguments, again in the same run it returns the first result, in another it works', async () => {
  const before = setting.receiver.asked('1042');
  for (const runs of [1, 2]) {
    const [execution] = await setting.deliver('agent-of-run', { text: 'Place order 1042.' });
    expect(execution?.status).toBe('success');
    expect(setting.receiver.asked('1042')).toBe(before + runs);
    expect(model.toolSaid).toHaveLength(2);
    expect(model.toolSaid[1]).toBe(model.toolSaid[0]);
  }
});

test('an error workflow fails all claims of the run, so that the next delivery goes on at once', async () => {
  const { n8n, receiver } = setting;
  receiver.behave((_, nth) => (nth === 1 ? 500 : 200));
  const [failed] = await setting.deliver('failing', { id: 'f1' });
  expect(failed?.status).toBe('error');
  await n8n.executions.settled('fail-claims-of-a-failed-run', 1);
  expect(await statusOf('failing', 'f1')).toBe('failed');
  expect(await n8n.send('failing', { id: 'f1' })).toMatchObject({ status: 200 });
  await n8n.executions.settled('failing', 1, Number(failed?.id));
  expect(receiver.done('f1')).toBe(1);
  expect(await statusOf('failing', 'f1')).toBe('completed');
});
