import { bad, type Inputs } from '../inputs.ts';
import { asText } from '../json.ts';
import type { Operation } from '../operations/operation.ts';
import { operations } from '../operations/index.ts';
import type { Call } from './call.ts';
import { type Evaluated, readOutputs, toWire } from './translate.ts';
import { givenToken } from './given-token.ts';

/**
 * The result of a test in a platform's editor: outputs as of a live run that is the first, and a message that says what a live run
 * would have found. Nothing is changed: a claim only asks for the account and the key's status, and the other steps send nothing.
 * An invalid claim token is refused, as in a live run.
 */
export async function preview(call: Call, operation: Operation, inputs: Inputs): Promise<Evaluated> {
  if (operation.id === 'claimKey' || operation.id === 'lockKey') await checkPlan(call, operation, inputs);
  if (operation.id === 'claimKey') {
    const answer = { status: 'previewed', lease_id: call.newId(), attempt: 1 };
    const { outputs } = readOutputs(operation, inputs, answer, call.timing.now());
    const message = (await realState(call, inputs)) + madeFrom(outputs);
    return { outputs: { ...outputs, message }, then: 'continue' };
  }
  const hasToken = operation.fields.some(({ id }) => id === 'claim_token');
  if (hasToken) givenToken(operation, inputs);
  const nothing = hasToken ? 'nothing was sent' : 'nothing was claimed';
  const { status } = operation.sample;
  const { outputs } = readOutputs(operation, inputs, { status: status ?? null }, call.timing.now());
  return {
    outputs: { ...outputs, message: `Test only: ${nothing}, and nothing changed.${madeFrom(outputs)}` },
    then: 'continue',
  };
}

function madeFrom({ key_made_from: what }: Evaluated['outputs']): string {
  return typeof what === 'string' ? ` The key was made from ${what}.` : '';
}

/** The hosted API's free plan shortens longer claims, and says so only in the answer to a live one. */
const FREE_PLAN_MINUTES = 60;

/** Refuses a time that is longer than the plan allows. Throws if the service is not OnceOnly, or does not accept the API key. */
async function checkPlan(
  { capabilities, deadlineAt }: Call,
  operation: Operation,
  inputs: Inputs,
): Promise<void> {
  const account = await capabilities.me(deadlineAt);
  for (const field of operation.fields) {
    const asked = inputs[field.id];
    const isTime = ['hold_minutes', 'remember_minutes'].includes(field.id);
    if (account['plan'] !== 'free' || !isTime || typeof asked !== 'number' || asked <= FREE_PLAN_MINUTES)
      continue;
    throw bad(
      field,
      `is ${String(asked)}, but your plan holds a key for at most ${String(FREE_PLAN_MINUTES)} minutes. After that, another run of the same event does the work too. Enter ${String(FREE_PLAN_MINUTES)} or less, or take a larger plan or your own server.`,
    );
  }
}

async function realState(call: Call, inputs: Inputs): Promise<string> {
  const { answer } = await call.send(() => toWire(operations.getKey.requests[0], inputs), call.deadlineAt);
  const { message, exists } = readOutputs(operations.getKey, inputs, answer, call.timing.now()).outputs;
  const met =
    exists === true
      ? `A live run would not be the first. ${asText(message)}`
      : 'A live run would be the first.';
  const turn =
    (inputs['group'] ?? null) === null
      ? ''
      : ' Only a live run can tell whether it is its turn, and whether a newer version is done.';
  return `Test only: nothing was claimed. ${met}${turn}`;
}
