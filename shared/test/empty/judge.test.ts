import { judgeResult } from '../../src/empty/judge.ts';

const chat = (message: object, finish_reason = 'stop', reasoning_tokens?: number) => ({
  id: 'chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT',
  object: 'chat.completion',
  created: 1_764_060_000,
  model: 'gpt-5',
  choices: [
    { index: 0, message: { role: 'assistant', refusal: null, annotations: [], ...message }, finish_reason },
  ],
  usage: { prompt_tokens: 19, completion_tokens: 4_096, completion_tokens_details: { reasoning_tokens } },
});

const response = (output: readonly object[], more: object = {}, reasoning_tokens = 0) => ({
  ...{ id: 'resp_67ccd2bed1ec8190', object: 'response', status: 'completed', incomplete_details: null },
  ...{ output, usage: { input_tokens: 36, output_tokens: 87, output_tokens_details: { reasoning_tokens } } },
  ...more,
});
const said = (text: string) => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text }],
});
const reasoned = { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'I think' }] };
const incomplete = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };

const message = (content: readonly object[], stop_reason = 'end_turn') => ({
  ...{ id: 'msg_013Zva2CMHLNnXjNJJKqJ2EF', type: 'message', role: 'assistant', model: 'claude-opus' },
  ...{ content, stop_reason, usage: { input_tokens: 10, output_tokens: 2_048 } },
});
const thinking = { type: 'thinking', thinking: 'Let me see', signature: 'EqQBCgIYAhIM' };

const gemini = (
  parts: readonly object[] | undefined,
  finishReason = 'STOP',
  thoughtsTokenCount?: number,
) => ({
  candidates: [{ content: { role: 'model', ...(parts && { parts }) }, finishReason, index: 0 }],
  usageMetadata: { promptTokenCount: 8, totalTokenCount: 73, thoughtsTokenCount },
});

test.each<[string, unknown, number | null]>([
  ['nothing', undefined, null],
  ['null', null, null],
  ['blank text', ' \n\t ', null],
  ['an object of nothing', {}, null],
  ['a list of nothing', [], null],
  ['objects of nothing as text', '{}', null],
  ['a list of nothing as text', ' [ ]', null],
  ['null as text', 'null', null],
  ['text in its wrapping', { value: ' ' }, null],
  ['thoughts', '<think>What was it?</think>\n', null],
  ['thoughts twice', '<think>a</think> <think>b</think>', null],
  ['thoughts that were cut off', '<think>What was', null],
  ['thoughts in another case and tag', '<Thinking>a</THINKING>', null],
  ['thoughts in a member', { answer: '<think>x</think>', more: [] }, null],
  ['a chat answer of nothing', chat({ content: '' }), null],
  ['null in a chat answer', chat({ content: null }, 'length', 4_096), 4_096],
  ['thoughts in a chat answer', chat({ content: '<think>x</think>', tool_calls: [] }, 'stop', 12), 12],
  ['thoughts beside a chat answer', chat({ content: '', reasoning_content: 'I think' }), 4_096],
  ['a chat answer as text', JSON.stringify(chat({ content: '' }, 'length', 7)), 7],
  ['a chat answer in its wrapping', { value: chat({ content: '' }, 'length', 7) }, 7],
  [
    'a choice by itself',
    { index: 0, message: { role: 'assistant', content: '' }, finish_reason: 'stop' },
    null,
  ],
  ['a message by itself', [{ role: 'assistant', content: '', reasoning: 'I think' }], null],
  ['a chat answer without choices', { ...chat({}), choices: [] }, null],
  ['several answers', [chat({ content: '' }, 'length', 5), chat({ content: ' ' }, 'length', 6)], 11],
  ['a response of nothing', response([]), 0],
  ['a response of thoughts', response([reasoned], {}, 64), 64],
  ['a response of a search', response([{ type: 'web_search_call', status: 'completed' }]), 0],
  ['a blank response', response([reasoned, said(' ')], {}, 64), 64],
  ['a message of nothing', message([]), null],
  ['a message of thoughts', message([thinking], 'max_tokens'), 2_048],
  ['a message of hidden thoughts', message([{ type: 'redacted_thinking', data: 'x' }]), 2_048],
  ['a blank message', message([{ type: 'text', text: '\n' }]), null],
  ['a Gemini answer of nothing', gemini(undefined, 'MAX_TOKENS', 1_020), 1_020],
  ['a Gemini answer of thoughts', gemini([{ text: 'I think', thought: true }], 'STOP', 40), 40],
  [
    'a prompt that Gemini blocked',
    { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 8 } },
    null,
  ],
])('%s is empty', (_, result, reasoningTokens) => {
  expect(judgeResult(result)).toEqual({ empty: true, reasoningTokens });
});

test.each<[string, unknown]>([
  ['text', 'x'],
  ['a zero', 0],
  ['false', false],
  ['text in a member', { a: [{ b: 'x' }] }],
  ['words around thoughts', 'Well <think>hm</think>'],
  ['words after thoughts', '<think>hm</think> 42'],
  ['text that begins as JSON', '[draft] {x}'],
  ['a JSON string', '{"a":0}'],
  ['a chat answer', chat({ content: 'Hello' }, 'stop', 5)],
  ['a chat answer in parts', chat({ content: [{ type: 'text', text: 'Hello' }] })],
  ['a chat answer cut off after thinking', chat({ content: 'The answer is' }, 'length', 4_000)],
  ['a response cut off after thinking', response([reasoned, said('The')], incomplete, 1_984)],
  ['a Gemini answer cut off after thinking', gemini([{ text: 'The' }], 'MAX_TOKENS', 1_000)],
  ['a message cut off after thinking', message([thinking, { type: 'text', text: 'The' }], 'max_tokens')],
  ['a chat answer cut off without thinking', chat({ content: 'The' }, 'length', 0)],
  ['a refusal', chat({ content: null, refusal: 'I cannot' })],
  [
    'a call of a tool',
    chat(
      {
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      'tool_calls',
      64,
    ),
  ],
  ['a call of a function', chat({ content: null, function_call: { name: 'f', arguments: '{}' } })],
  ['a chosen text', { choices: [{ text: 'Hello', index: 0, finish_reason: 'stop' }] }],
  ['one full answer of several', [chat({ content: '' }), chat({ content: 'Hello' })]],
  ['a response', response([reasoned, said('Hello')], {}, 64)],
  [
    'a response that calls a tool',
    response([reasoned, { type: 'function_call', name: 'f', arguments: '{}' }], {}, 64),
  ],
  ['a response with a picture', response([{ type: 'image_generation_call', result: 'iVBORw0' }])],
  ['a message', message([thinking, { type: 'text', text: 'Hello' }])],
  [
    'a message that calls a tool',
    message([thinking, { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} }], 'tool_use'),
  ],
  ['a Gemini answer', gemini([{ text: 'I think', thought: true }, { text: 'Hello' }], 'STOP', 40)],
  ['a Gemini answer that calls a function', gemini([{ functionCall: { name: 'f', args: {} } }], 'STOP', 40)],
  ['choices of another kind', { choices: [{ label: 'Red' }, { label: 'Blue' }] }],
  ['candidates of another kind', { candidates: [{ name: 'Ada' }] }],
])('%s is not', (_, result) => {
  expect(judgeResult(result)).toEqual({ empty: false, reasoningTokens: null });
});

test('depth is no obstacle', () => {
  expect(judgeResult(JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).empty).toBe(true);
});

test.each([
  ['a list', Array<string>(300_000).fill('')],
  ['an object', Object.fromEntries(Array.from({ length: 300_000 }, (_, n) => [`k${String(n)}`, null]))],
])('%s of any length is judged', (_, long) => {
  expect(judgeResult(long).empty).toBe(true);
  expect(judgeResult({ long, more: 'x' }).empty).toBe(false);
});

test('thoughts upon thoughts are judged in a moment', () => {
  // Of this process's own time: others may be at work on the machine.
  const began = process.cpuUsage();
  expect(judgeResult('<think>İ</think>'.repeat(20_000)).empty).toBe(true);
  expect(judgeResult(`${'<think>İ</think>'.repeat(20_000)}42`).empty).toBe(false);
  expect(process.cpuUsage(began).user).toBeLessThan(1_000_000);
});
