import { judgeResult } from '../../src/empty/judge.ts';
import { chatOf } from './chat.ts';

/** Answers in the shapes that APIs and the nodes in front of them give: empty ones, with the tokens paid for thinking. */
const EMPTY: Record<string, readonly [unknown, number | null]> = {
  // n8n's OpenAI node, version 2, simplified: the messages of a response.
  'n8n, OpenAI v2, simplified': [
    {
      output: [
        {
          ...{ id: 'msg_0a1', type: 'message', status: 'completed', role: 'assistant' },
          content: [{ type: 'output_text', annotations: [], logprobs: [], text: '' }],
        },
      ],
    },
    null,
  ],
  'n8n, OpenAI v2, simplified, thoughts only': [{ output: [] }, null],
  'n8n, OpenAI v2, analysed image, simplified': [
    [
      { id: 'rs_1', type: 'reasoning', summary: [], encrypted_content: 'gAAAA' },
      { id: 'msg_1', type: 'message', role: 'assistant', content: [{ type: 'output_text', text: ' ' }] },
    ],
    null,
  ],
  'n8n, OpenAI v1, simplified': [
    {
      ...{ index: 0, logprobs: null, finish_reason: 'length' },
      message: { role: 'assistant', content: '', refusal: null, annotations: [] },
    },
    null,
  ],
  'n8n, OpenAI v1, an assistant with nothing to say': [{ output: '', threadId: 'thread_abc' }, null],
  'n8n, Gemini, simplified': [{ content: { role: 'model' }, finishReason: 'MAX_TOKENS', index: 0 }, null],
  'n8n, Gemini, simplified and merged': [
    { content: { role: 'model', parts: [{ text: '' }] }, finishReason: 'STOP', index: 0, mergedResponse: '' },
    null,
  ],
  'n8n, Anthropic, simplified': [
    { content: [{ type: 'thinking', thinking: 'Let me see', signature: 'EqQB' }], merged_response: '' },
    null,
  ],
  'n8n, Ollama, simplified': [{ content: '' }, null],
  'n8n, Alibaba': [
    {
      ...{ content: '', model: 'qwen3', usage: { output_tokens: 12 } },
      fullResponse: { request_id: 'r1', output: { text: null, finish_reason: 'stop' } },
    },
    null,
  ],
  'n8n, MiniMax, simplified': [{ content: '', reasoning_content: 'The user asks' }, null],
  'n8n, an agent, with its steps': [
    { output: '', intermediateSteps: [{ action: { tool: 'search', toolInput: { q: 'x' } } }] },
    null,
  ],
  'n8n, a chain': [{ text: '' }, null],
  "Gemini's parts": [
    [
      { text: 'I think', thought: true },
      { text: '', thoughtSignature: 'CsUB' },
    ],
    null,
  ],
  "Anthropic's content": [
    [
      { type: 'thinking', thinking: 'Let me see', signature: 'EqQB' },
      { type: 'text', text: '\n' },
    ],
    null,
  ],
  'Anthropic, a search of its own': [
    {
      ...{ type: 'message', role: 'assistant', stop_reason: 'pause_turn', usage: { output_tokens: 50 } },
      content: [
        { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'x' } },
        { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [{ title: 'X' }] },
      ],
    },
    null,
  ],
  'Ollama, generate': [
    {
      ...{ model: 'qwen3', created_at: '2026-11-29T08:00:00Z', response: '', thinking: 'Well', done: true },
      ...{ done_reason: 'length', context: [1, 2], total_duration: 5, prompt_eval_count: 9, eval_count: 512 },
    },
    512,
  ],
  'Ollama, chat': [
    {
      ...{ model: 'qwen3', created_at: '2026-11-29T08:00:00Z', done: true, done_reason: 'stop' },
      ...{ message: { role: 'assistant', content: '', thinking: 'Well' }, eval_count: 64 },
    },
    64,
  ],
  'Bedrock Converse': [
    {
      output: {
        message: {
          role: 'assistant',
          content: [{ reasoningContent: { reasoningText: { text: 'Well', signature: 'x' } } }],
        },
      },
      ...{
        stopReason: 'max_tokens',
        metrics: { latencyMs: 1 },
        usage: { inputTokens: 3, outputTokens: 200 },
      },
    },
    200,
  ],
  'Cohere, version 2': [
    {
      ...{ id: 'c14c80c3', finish_reason: 'MAX_TOKENS' },
      message: {
        ...{ role: 'assistant', tool_plan: '' },
        content: [{ type: 'thinking', thinking: 'Well' }],
      },
      usage: { billed_units: { output_tokens: 40 }, tokens: { input_tokens: 3, output_tokens: 40 } },
    },
    40,
  ],
  'Cohere, version 1': [
    { text: '', generation_id: 'g1', response_id: 'r1', finish_reason: 'MAX_TOKENS', meta: {} },
    null,
  ],
  Mistral: [
    {
      ...{ id: 'm1', object: 'chat.completion', model: 'magistral' },
      choices: [
        {
          ...{ index: 0, finish_reason: 'length' },
          message: {
            ...{ role: 'assistant', tool_calls: null },
            content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Well' }] }],
          },
        },
      ],
      usage: { prompt_tokens: 9, completion_tokens: 30 },
    },
    30,
  ],
  DeepSeek: [
    {
      ...{ id: 'd1', object: 'chat.completion' },
      choices: [
        {
          ...{ index: 0, finish_reason: 'length', logprobs: null },
          message: { role: 'assistant', content: '', reasoning_content: 'Well' },
        },
      ],
      usage: { completion_tokens: 99, completion_tokens_details: { reasoning_tokens: 98 } },
    },
    98,
  ],
  'OpenRouter, Groq': [
    {
      ...{ id: 'gen-1', object: 'chat.completion', provider: 'Groq' },
      choices: [
        {
          ...{ index: 0, finish_reason: 'stop', native_finish_reason: 'stop' },
          message: {
            ...{ role: 'assistant', content: '', refusal: null, reasoning: 'Well' },
            reasoning_details: [{ type: 'reasoning.text', text: 'Well', format: 'unknown', index: 0 }],
          },
        },
      ],
      usage: { completion_tokens: 20, completion_tokens_details: { reasoning_tokens: 20 } },
    },
    20,
  ],
  Azure: [
    {
      object: 'chat.completion',
      choices: [
        {
          ...{
            index: 0,
            finish_reason: 'content_filter',
            content_filter_results: { hate: { filtered: true } },
          },
          message: { role: 'assistant', content: null, annotations: [] },
        },
      ],
      prompt_filter_results: [{ prompt_index: 0 }],
    },
    null,
  ],
  'Assistants, a message of a thread': [
    {
      ...{ id: 'msg_1', object: 'thread.message', role: 'assistant', thread_id: 'thread_1', attachments: [] },
      content: [{ type: 'text', text: { value: '', annotations: [] } }],
    },
    null,
  ],
  'the AI SDK': [
    {
      ...{ text: '', finishReason: 'length', toolCalls: [], files: [], reasoningText: 'Well' },
      usage: { inputTokens: 3, outputTokens: 90, outputTokenDetails: { reasoningTokens: 90 } },
    },
    90,
  ],
};

test.each(Object.entries(EMPTY))('nothing in it: %s', (_, [answer, reasoningTokens]) => {
  expect(judgeResult(answer)).toEqual({ empty: true, reasoningTokens });
  // As guides pass it on, and as a list of items.
  expect(judgeResult(JSON.stringify(answer))).toEqual({ empty: true, reasoningTokens });
  expect(judgeResult([answer])).toEqual({ empty: true, reasoningTokens });
});

test.each([
  ['thoughts whose opening mark was in the prompt', 'hm</think>'],
  ['thoughts in another tag', '<thought>hm</thought>'],
  ['thoughts in brackets', '[THINK]hm[/THINK]\n'],
  ['another tag within thoughts', '<think>a <thought> b</think>'],
  ['a zero-width space', '\u200b'],
  ['marks that show nothing', '\ufeff\u2060\u00ad\u200e \u3164'],
  ['null as JSON text', '"null"'],
  ['nothing as JSON text', '"  "'],
  ['a fence around nothing', '```\n```'],
  ['a fence around nothing, with its language', '```json\n\n```\n'],
  ['a fence around an empty object', '```json\n{}\n```'],
  ['thoughts before an empty object', '<think>hm</think>{}'],
])('nothing in a text: %s', (_, text) => {
  expect(judgeResult(text).empty).toBe(true);
  expect(judgeResult(chatOf({ content: text })).empty).toBe(true);
});

test.each([
  ['words after thoughts without an opening mark', 'hm</think> 42'],
  ['a fence around something', '```json\n{"a":1}\n```'],
  ['a fence that was begun', '```js\nf()'],
  ['a word of JSON in quotes', '"yes"'],
  ['an emoji', '👩‍👩‍👧'],
  ['a tag of another name', '<thinker>x</thinker>'],
])('something in a text: %s', (_, text) => {
  expect(judgeResult(text).empty).toBe(false);
  expect(judgeResult(chatOf({ content: text })).empty).toBe(false);
});

test('a message in a message in a message is judged, however deep', () => {
  const deep = (inner: string) =>
    JSON.parse(
      `${'{"role":"assistant","content":['.repeat(50_000)}${inner}${']}'.repeat(50_000)}`,
    ) as unknown;
  expect(judgeResult(deep('""')).empty).toBe(false);
  expect(judgeResult([deep('"x"')]).empty).toBe(false);
});
