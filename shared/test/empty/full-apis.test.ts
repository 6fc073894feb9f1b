import { judgeResult } from '../../src/empty/judge.ts';
import { chatOf } from './chat.ts';

/** Answers in the shapes that APIs and the nodes in front of them give, with something to be seen in each. */
const responseText = (text: unknown) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', annotations: [], text }],
});

/** The same APIs, with something that an automation can use. */
const FULL: Record<string, unknown> = {
  'Ollama, cut off after it had thought': {
    ...{ model: 'qwen3', done: true, done_reason: 'length', eval_count: 64 },
    message: { role: 'assistant', content: 'The', thinking: 'Well' },
  },
  'n8n, OpenAI v1, JSON mode': chatOf({ content: { name: 'Ada', tags: [] } }),
  'n8n, OpenAI v1, JSON mode, simplified': {
    ...{ index: 0, finish_reason: 'stop' },
    message: { role: 'assistant', content: [{ name: 'Ada' }] },
  },
  'n8n, OpenAI v1, JSON mode, a number': chatOf({ content: 0 }),
  'n8n, OpenAI v2, JSON mode': { object: 'response', output: [responseText({ name: 'Ada' })] },
  'n8n, OpenAI v2, JSON mode, simplified': { output: [responseText({ type: 'text', ok: false })] },
  'n8n, OpenAI v2': { output: [responseText('Hello')] },
  'a structured output': chatOf({ content: '{"ok":false}' }),
  'a structured output of the SDK': chatOf({ content: '', parsed: { name: 'Ada' } }),
  'OpenRouter, a picture': chatOf({
    content: '',
    images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBOR' } }],
  }),
  'a sound': chatOf({ content: null, audio: { id: 'audio_1', data: 'UklGR', transcript: '' } }),
  'a picture among parts': chatOf({ content: [{ type: 'image_url', image_url: { url: 'https://x.y/z' } }] }),
  'a refusal': chatOf({ content: null, refusal: 'I cannot help with that.' }),
  'a refusal in a response': {
    output: [{ ...responseText(''), content: [{ type: 'refusal', refusal: 'I cannot' }] }],
  },
  'Assistants, a message of a thread': {
    ...{ object: 'thread.message', role: 'assistant' },
    content: [{ type: 'text', text: { value: 'Hello', annotations: [] } }],
  },
  'Assistants, a picture': {
    ...{ object: 'thread.message', role: 'assistant' },
    content: [{ type: 'image_file', image_file: { file_id: 'file_1' } }],
  },
  'n8n, an assistant': { output: 'Hello', threadId: 'thread_1' },
  'n8n, an agent, with its steps': { output: 'Hello', intermediateSteps: [] },
  'n8n, Gemini, simplified': {
    content: { role: 'model', parts: [{ text: 'Hello' }] },
    finishReason: 'STOP',
    index: 0,
  },
  'Gemini, a picture': {
    candidates: [{ content: { parts: [{ inlineData: { mimeType: 'image/png', data: 'iVBOR' } }] } }],
  },
  'n8n, Anthropic, simplified': { content: [{ type: 'text', text: 'Hello' }], merged_response: 'Hello' },
  'Anthropic, a file that its code made': {
    ...{ type: 'message', role: 'assistant' },
    content: [{ type: 'container_upload', file_id: 'file_1' }],
  },
  'n8n, MiniMax': { content: 'Hello', reasoning_content: 'The user asks' },
  'Ollama, generate': {
    model: 'qwen3',
    response: 'Hello',
    thinking: 'Well',
    done: true,
    done_reason: 'stop',
  },
  'Ollama, a call of a tool': {
    ...{ model: 'qwen3', done: true },
    message: { role: 'assistant', content: '', tool_calls: [{ function: { name: 'f', arguments: {} } }] },
  },
  'Bedrock, a call of a tool': {
    output: {
      message: { role: 'assistant', content: [{ toolUse: { toolUseId: 't1', name: 'f', input: {} } }] },
    },
    stopReason: 'tool_use',
  },
  'Cohere, version 2': {
    ...{ finish_reason: 'COMPLETE', usage: {} },
    message: { role: 'assistant', content: [{ type: 'text', text: 'Hello' }] },
  },
  'Cohere, version 1': { text: 'Hello', generation_id: 'g1', finish_reason: 'COMPLETE' },
  Mistral: chatOf({
    content: [
      { type: 'thinking', thinking: [{ type: 'text', text: 'Well' }] },
      { type: 'text', text: 'Hello' },
    ],
  }),
  'the AI SDK, a call of a tool': {
    ...{ text: '', finishReason: 'tool-calls', usage: {} },
    toolCalls: [{ toolName: 'f', input: {} }],
  },
  // What is no model's answer is full where anything is in it, an id too: a sent message may be no more than that.
  'an id': { id: 'msg_1', content: '' },
  'an answer of another API': { output: 'x', status: 'sent' },
  'a text by type': { type: 'text', body: 'Hello' },
  'a reason': { reasoning: 'because', verdict: '' },
};

test.each(Object.entries(FULL))('something in it: %s', (_, answer) => {
  expect(judgeResult(answer)).toEqual({ empty: false, reasoningTokens: null });
  expect(judgeResult(JSON.stringify(answer))).toEqual({ empty: false, reasoningTokens: null });
});
