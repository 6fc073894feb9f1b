import { Buffer } from 'node:buffer';
import { asText, writtenResult, type JsonObject } from '../json.ts';
import { LIMITS } from '../limits.ts';
import { operations } from '../operations/index.ts';
import { readToken } from '../token.ts';
import { attempt, isRefused } from './items.ts';
import { sendBatches } from './batch.ts';
import type { Call } from './call.ts';
import { readOutputs, toWire } from './translate.ts';
import { isUnclear } from './send.ts';
import type { Item, ManyTools, Performed } from './items.ts';

const operation = operations.completeKey;

/** Completes simple items in batches. Items that need more than one request, or were refused, are completed `singly`. */
export async function completeMany(
  tools: ManyTools,
  call: Call,
  items: readonly Item[],
  singly: (items: readonly Item[]) => Promise<readonly Performed[]>,
): Promise<readonly Performed[]> {
  const prepared = await Promise.all(items.map((item) => attempt(() => prepare(tools, call, item))));
  const plain = prepared.flatMap((one, index) =>
    !isRefused(one) && isPlain(one) ? [{ ...one, index }] : [],
  );
  const answers = await sendBatches(
    call,
    '/v1/ai/complete/batch',
    plain.map(({ body }) => body),
  );
  const performed = new Map<number, Performed>();
  plain.forEach(({ index, inputs }, nth) => {
    const answered = answers[nth];
    if (answered === undefined) return;
    if ('answer' in answered)
      performed.set(index, readOutputs(operation, inputs, answered.answer, call.timing.now()));
    else if (answered.error.code !== 'invalid_input') performed.set(index, answered);
    if ('error' in answered && isUnclear(answered.error))
      tools.completionsUnknown.add(asText(inputs['claim_token']));
  });
  const rest = items.flatMap((item, index) => (performed.has(index) ? [] : [{ item, index }]));
  const others = await singly(rest.map(({ item }) => item));
  rest.forEach(({ index }, nth) => {
    const one = others[nth];
    if (one) performed.set(index, one);
  });
  return items.flatMap((_, index) => performed.get(index) ?? []);
}

async function prepare(tools: ManyTools, call: Call, item: Item) {
  const inputs = tools.read(operation, item.inputs);
  await tools.refuse(call, operation, inputs);
  const body: JsonObject = toWire(operation.requests[0], inputs).body ?? {};
  return { inputs, body };
}

function isPlain({ inputs, body }: Awaited<ReturnType<typeof prepare>>): boolean {
  const result = writtenResult(body['result'] ?? null);
  return (
    readToken(asText(inputs['claim_token'])).kind === 'lease' &&
    result !== null &&
    Buffer.byteLength(result) <= LIMITS.resultBytes
  );
}
