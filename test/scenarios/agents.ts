import { continued } from '../platforms/platform.ts';
import type { Scenario } from './scenarios.ts';

/** What users are promised of models that think, are paid for it, and return nothing. */

const EVENT = { job: 'summarise', key: 'ticket 1', hold_minutes: 10 };

/** An answer of OpenAI's chat completions that used up its length while it thought. */
const CUT_OFF = {
  id: 'chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT',
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: '' }, finish_reason: 'length' }],
  usage: { completion_tokens: 4_096, completion_tokens_details: { reasoning_tokens: 4_096 } },
};

const EMPTY: readonly (readonly [string, unknown, string])[] = [
  ['that only thought', '<think>The user wants a summary.</think>\n', 'It may be tried again.'],
  ['that was cut off while it thought', CUT_OFF, 'paid for 4096 tokens of reasoning'],
];

export const agentScenarios: readonly Scenario[] = [
  ...EMPTY.map(([what, result, said]): Scenario => ({
    name: `an answer of a model ${what} is not stored as done, where that is asked for`,
    play: async (platform) => {
      const { claim_token } = continued(await platform.run('claimKey', EVENT));
      const inputs = { claim_token, result, reject_empty: true };
      expect(continued(await platform.run('completeKey', inputs))).toMatchObject({
        ...{
          completed: false,
          error_code: 'empty_output',
          message: expect.stringContaining(said) as unknown,
        },
      });
      expect(continued(await platform.run('getKey', EVENT))).toMatchObject({ status: 'failed', attempt: 1 });
    },
  })),
  {
    name: 'a model that never answers is given up, and the key says why and after how many attempts',
    play: async (platform) => {
      for (const attempt of [1, 2]) {
        const claimed = continued(await platform.run('claimKey', { ...EVENT, max_attempts: 2 }));
        expect(claimed).toMatchObject({ proceed: true, attempt });
        const inputs = { claim_token: claimed['claim_token'], result: CUT_OFF, reject_empty: true };
        await platform.run('completeKey', inputs);
      }
      expect(await platform.run('claimKey', { ...EVENT, max_attempts: 2 })).toEqual({
        kind: 'told',
        message: expect.stringContaining('are used. The last one failed: empty_output') as unknown,
      });
      expect(continued(await platform.run('getKey', EVENT))).toMatchObject({
        ...{ status: 'exhausted', attempt: 2, error_code: 'empty_output' },
      });
    },
  },
];
