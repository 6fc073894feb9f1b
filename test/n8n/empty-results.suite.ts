import { openClient } from '../platforms/client.ts';
import { useN8n } from './setting.ts';
import { claim, complete } from './steps.ts';
import { webhook, workflow } from './workflow.ts';

/** An answer of OpenAI's chat completions that used up its length while it thought. */
const CUT_OFF = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: '' }, finish_reason: 'length' }],
  usage: { completion_tokens: 4_096, completion_tokens_details: { reasoning_tokens: 4_096 } },
};

const setting = useN8n({
  workflows: () => [
    workflow('model', [
      webhook('model'),
      claim({ options: { max_attempts: 2 } }),
      complete({ result: '={{ $json.body.answer }}', options: { reject_empty: true } }),
    ]),
  ],
});

const statusOf = async (key: string): Promise<unknown> => {
  const outcome = await openClient(setting.world).run('getKey', { job: 'model', key });
  return outcome.kind === 'continued' ? outcome.outputs : outcome;
};

test.each<[string, unknown]>([
  ['that only thought', '<think>The user wants a summary.</think>'],
  ['that was cut off while it thought', CUT_OFF],
])('an answer of a model %s fails the key, and after two attempts it is given up', async (id, answer) => {
  for (const attempt of [1, 2]) {
    const [execution] = await setting.deliver('model', { id, answer });
    const { runData } = await setting.n8n.executions.data(execution?.id ?? '');
    expect(runData['Complete']?.[0]?.data?.['main']?.[0]?.[0]?.json).toMatchObject({
      onceonly: { completed: false, error_code: 'empty_output' },
    });
    expect(await statusOf(id)).toMatchObject({ attempt, error_code: 'empty_output' });
  }
  const [last] = await setting.deliver('model', { id, answer });
  expect(last?.status).toBe('error');
  const { error } = await setting.n8n.executions.data(last?.id ?? '');
  expect(error?.message).toContain('are used. The last one failed: empty_output');
  expect(await statusOf(id)).toMatchObject({ status: 'exhausted', attempt: 2 });
});

test('an answer that says something is done', async () => {
  await setting.deliver('model', { id: 'said', answer: '<think>Hm.</think> Here it is.' });
  expect(await statusOf('said')).toMatchObject({ status: 'completed' });
});
