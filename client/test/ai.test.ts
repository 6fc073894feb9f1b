import { asSchema, generateText, jsonSchema, stepCountIs, tool, type ToolSet } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { attemptOf, onceTools } from '../src/ai.ts';
import { useSetting } from './setting.ts';

const setting = useSetting();

interface Payment {
  readonly to: string;
  readonly amount: number;
}
type Generated = Awaited<ReturnType<MockLanguageModelV4['doGenerate']>>;

const usage: Generated['usage'] = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};

/** A model that calls `pay` with each of these inputs, one a step, and then says that it is done. */
function model(...inputs: readonly object[]) {
  const steps = inputs.map((input, nth): Generated => ({
    content: [
      { type: 'tool-call', toolCallId: `call-${String(nth)}`, toolName: 'pay', input: JSON.stringify(input) },
    ],
    ...{ finishReason: { unified: 'tool-calls', raw: undefined }, usage, warnings: [] },
  }));
  const last: Generated = {
    content: [{ type: 'text', text: 'Paid.' }],
    ...{ finishReason: { unified: 'stop', raw: undefined }, usage, warnings: [] },
  };
  return new MockLanguageModelV4({ doGenerate: [...steps, last] });
}

const paying = (execute: (payment: Payment, options: object) => unknown) => ({
  pay: tool({
    description: 'Pays.',
    inputSchema: jsonSchema<Payment>({
      type: 'object',
      properties: { to: { type: 'string' }, amount: { type: 'number' } },
      required: ['to', 'amount'],
      additionalProperties: false,
    }),
    execute: (payment: Payment, options: object) => execute(payment, options),
  }),
});

async function run(tools: ToolSet, ...inputs: readonly object[]) {
  const { steps } = await generateText({
    model: model(...inputs),
    ...{ tools, prompt: 'Pay Ann.', stopWhen: stepCountIs(inputs.length + 1) },
  });
  return steps
    .flatMap(({ content }) => content)
    .flatMap((part) =>
      part.type === 'tool-result' ? [part.output as unknown] : part.type === 'tool-error' ? [part.error] : [],
    );
}

const counted = () => {
  let payments = 0;
  return jest.fn((payment: Payment) => ({ paid: payment.amount, number: (payments += 1) }));
};

test('a call that the model repeats is made once, and its result comes again', async () => {
  const pay = counted();
  const tools = onceTools(setting.once, paying(pay), { scope: 'chat-1' });
  const results = await run(tools, { to: 'ann', amount: 5 }, { amount: 5, to: 'ann' });
  expect(results).toEqual([
    { paid: 5, number: 1 },
    { paid: 5, number: 1 },
  ]);
  expect(pay).toHaveBeenCalledTimes(1);
});

test('so is one that comes again in a run of its own, and one of another scope is another', async () => {
  const pay = counted();
  for (const scope of ['chat-1', 'chat-1', 'chat-2'])
    await run(onceTools(setting.once, paying(pay), { scope }), { to: 'ann', amount: 5 });
  expect(pay).toHaveBeenCalledTimes(2);
});

test('a scope of any length stays apart', async () => {
  const pay = counted();
  const long = 'c'.repeat(300);
  for (const scope of [long, `${long}d`, long])
    await run(onceTools(setting.once, paying(pay), { scope }), { to: 'ann', amount: 5 });
  expect(pay).toHaveBeenCalledTimes(2);
});

test('a call that is meant once more is made once more, and the tool never sees how that is said', async () => {
  const pay = counted();
  const tools = onceTools(setting.once, paying(pay), { scope: 'chat-1' });
  const again = { to: 'ann', amount: 5, onceonly_occurrence: 2 };
  expect(await run(tools, { to: 'ann', amount: 5 }, again, again)).toMatchObject([
    { number: 1 },
    { number: 2 },
    { number: 2 },
  ]);
  expect(pay.mock.calls.map(([payment]) => payment)).toEqual(Array(2).fill({ to: 'ann', amount: 5 }));
});

test('a time that is no whole number calls nothing, and the model is told', async () => {
  const pay = counted();
  const tools = onceTools(setting.once, paying(pay), { scope: 'chat-1' });
  const [error] = await run(tools, { to: 'ann', amount: 5, onceonly_occurrence: 'twice' });
  expect(error).toMatchObject({ code: 'invalid', message: expect.stringContaining('onceonly_occurrence') });
  expect(pay).not.toHaveBeenCalled();
});

test('the model is offered the argument, and the tool is told of its attempt', async () => {
  const keys: unknown[] = [];
  let fails = true;
  const tools = onceTools(
    setting.once,
    paying((_payment, options) => {
      keys.push(attemptOf(options)?.idempotencyKey);
      if (fails) throw new Error('mailbox full');
      return 'paid';
    }),
    { scope: 'chat-1' },
  );
  const asked = model({ to: 'ann', amount: 5 });
  await generateText({ model: asked, tools, prompt: 'Pay Ann.' });
  expect(asked.doGenerateCalls[0]?.tools).toMatchObject([
    { name: 'pay', inputSchema: { properties: { to: {}, onceonly_occurrence: { type: 'integer' } } } },
  ]);
  fails = false;
  expect(await run(tools, { to: 'ann', amount: 5 })).toEqual(['paid']);
  expect(keys).toEqual([expect.any(String), keys[0]]);
});

test('a schema that is there at once is still there at once: version 5 of the SDK hands on what it gets', () => {
  const { pay } = onceTools(setting.once, paying(counted()), { scope: 'chat-1' });
  expect(asSchema(pay.inputSchema).jsonSchema).toMatchObject({
    properties: { amount: { type: 'number' }, onceonly_occurrence: { type: 'integer' } },
  });
});

test.each([undefined, '', ' ', 'undefined', 'null'])(
  'a scope of %j is refused: it would make one task of all',
  (scope) => {
    const open = () => onceTools(setting.once, paying(counted()), { scope } as { scope: string });
    expect(open).toThrow(/“scope”/);
  },
);
