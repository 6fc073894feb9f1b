import { judgeResult } from '../../src/empty/judge.ts';

const chatOf = (message: object, more: object = {}) => ({
  object: 'chat.completion',
  choices: [{ index: 0, message, finish_reason: 'stop' }],
  ...more,
});
const anthropic = (content: readonly object[], more: object = {}) => ({
  ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', content, stop_reason: 'end_turn' },
  ...more,
});
const interaction = (more: object) => ({
  ...{ id: 'v1_x', object: 'interaction', status: 'completed', usage: { total_thought_tokens: 34 } },
  ...more,
});
const thought = { type: 'thought', signature: 'x', summary: [] };

/** Answers in which members beside the content, or their absence, hid that there is none; with the tokens paid for thinking. */
const EMPTY: Record<string, readonly [unknown, number | null]> = {
  'a message without content': [chatOf({ role: 'assistant' }), null],
  'Cohere, a message without content': [
    { id: 'x', finish_reason: 'MAX_TOKENS', message: { role: 'assistant' }, usage: {} },
    null,
  ],
  'no choice at all': [{ id: 'x', model: 'm', choices: [], usage: { total_tokens: 9 } }, null],
  'Azure, with what was searched': [
    chatOf({ role: 'assistant', content: '', context: { citations: [{ content: 'x' }], intent: '["x"]' } }),
    null,
  ],
  'Groq, with what was searched': [
    chatOf({ role: 'assistant', content: '', executed_tools: [{ index: 0, type: 'search', output: 'x' }] }),
    null,
  ],
  'n8n, Gemini simplified, blocked': [
    {
      ...{ finishReason: 'SAFETY', index: 0 },
      safetyRatings: [{ category: 'HARM_CATEGORY_HARASSMENT', probability: 'HIGH', blocked: true }],
    },
    null,
  ],
  'n8n, Gemini simplified, no more than why': [{ finishReason: 'MAX_TOKENS', index: 0 }, null],
  'Gemini, a content without an ending': [
    { content: { role: 'model', parts: [{ text: '' }] }, index: 0 },
    null,
  ],
  'Gemini, an interaction': [interaction({ outputs: [thought] }), 34],
  'Gemini, an interaction in steps': [
    interaction({
      steps: [
        { type: 'user_input', content: [{ type: 'text', text: 'Hello' }] },
        ...[thought, { type: 'google_search_call', id: 'g1', arguments: { queries: ['x'] } }],
        { type: 'model_output', content: [{ type: 'text', text: '' }] },
      ],
    }),
    34,
  ],
  'Mistral, a conversation': [
    {
      ...{ object: 'conversation.response', conversation_id: 'c1', usage: { completion_tokens: 0 } },
      outputs: [
        { object: 'entry', type: 'tool.execution', name: 'web_search', id: 't1' },
        { object: 'entry', type: 'message.output', id: 'm1', role: 'assistant', content: '' },
      ],
    },
    null,
  ],
  'Anthropic, with its container and its context': [
    anthropic([{ type: 'text', text: '' }], {
      container: { id: 'container_1', expires_at: '2026-11-29T08:00:00Z' },
      context_management: { applied_edits: [{ type: 'clear_thinking_20251015' }] },
    }),
    null,
  ],
  'Anthropic, which says what its thoughts cost': [
    anthropic([{ type: 'thinking', thinking: '', signature: 's' }], {
      usage: { output_tokens: 30, output_tokens_details: { thinking_tokens: 25 } },
    }),
    25,
  ],
  'a picture that was not made': [
    { object: 'response', output: [{ type: 'image_generation_call', status: 'failed', result: null }] },
    null,
  ],
  'with its headers, as n8n adds them': [
    {
      ...{ statusCode: 200, statusMessage: 'OK', headers: { 'content-type': 'application/json' } },
      body: chatOf({ role: 'assistant', content: '' }),
    },
    null,
  ],
};

test.each(Object.entries(EMPTY))('nothing in it: %s', (_, [answer, reasoningTokens]) => {
  expect(judgeResult(answer)).toEqual({ empty: true, reasoningTokens });
  expect(judgeResult(JSON.stringify(answer))).toEqual({ empty: true, reasoningTokens });
});

const FULL: Record<string, unknown> = {
  'Ollama, a picture': { model: 'z-image', response: '', image: 'iVBOR', done: true, done_reason: 'stop' },
  'a picture': { object: 'response', output: [{ type: 'image_generation_call', result: 'iVBOR' }] },
  'Anthropic, why it was refused': anthropic([], {
    ...{ stop_reason: 'refusal', stop_details: { type: 'refusal', explanation: 'It is not allowed.' } },
  }),
  'Gemini, an interaction': interaction({ outputs: [thought, { type: 'text', text: 'Hello' }] }),
  'Gemini, a call of a function': interaction({
    steps: [{ type: 'function_call', name: 'f', arguments: {} }],
  }),
  'Mistral, a conversation': {
    ...{ object: 'conversation.response', conversation_id: 'c1' },
    outputs: [{ object: 'entry', type: 'message.output', role: 'assistant', content: 'Hello' }],
  },
  // Its id is asked for later: what is still made has not failed.
  'a response that is still made': { id: 'resp_1', object: 'response', status: 'queued', output: [] },
  'an interaction that is still made': { id: 'v1_x', object: 'interaction', status: 'in_progress' },
  'a reason to finish, and more': { finishReason: 'done', customer: 'Ada' },
  'an answer without a body': { statusCode: 204, headers: {}, body: '' },
};

test.each(Object.entries(FULL))('something in it: %s', (_, answer) => {
  expect(judgeResult(answer)).toEqual({ empty: false, reasoningTokens: null });
  expect(judgeResult(JSON.stringify(answer))).toEqual({ empty: false, reasoningTokens: null });
});

test.each([
  ['a fence on one line', '``` ```'],
  ['a fence on one line, with its language', '```json {} ```'],
  ['a blank of Braille', '\u2800'],
  ['a variation selector', '\ufe0f\u034f\u180b'],
  ['thoughts whose mark has a space', '<think >hm</think >'],
])('nothing in a text: %s', (_, text) => {
  expect(judgeResult(text).empty).toBe(true);
});

test.each([
  ['a word in a fence on one line', '```yes```'],
  ['JSON in a fence on one line', '```json {"a":1} ```'],
  ['a mark and a variation selector', '\u2764\ufe0f'],
])('something in a text: %s', (_, text) => {
  expect(judgeResult(text).empty).toBe(false);
});
