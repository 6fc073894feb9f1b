import type { Inputs } from '../inputs.ts';
import { asText } from '../json.ts';
import type { Operation } from '../operations/operation.ts';
import { operations } from '../operations/index.ts';
import { attempt, isRefused } from './attempt.ts';
import type { Call } from './call.ts';
import { type Evaluated, readOutputs, toWire } from './engine.ts';
import { givenToken } from './given-token.ts';

/**
 * What an editor's test shows: the shape of a live run in which this run is the first, and in the message what a live
 * run would have met. Nothing changes: a claim looks its key up, everything else sends nothing. What is no claim token is
 * refused here as it would be live.
 */
export async function preview(call: Call, operation: Operation, inputs: Inputs): Promise<Evaluated> {
  if (operation.id === 'claimKey') {
    const { outputs } = readOutputs(operation, inputs, {
      status: 'previewed',
      lease_id: call.newId(),
      attempt: 1,
    });
    const message = (await realState(call, inputs)) + madeFrom(outputs) + (await cappedBy(call, inputs));
    return { outputs: { ...outputs, message }, then: 'continue' };
  }
  if (operation.fields.some(({ id }) => id === 'claim_token')) givenToken(operation, inputs);
  const { status } = operation.sample;
  const { outputs } = readOutputs(operation, inputs, { status: status ?? null });
  return {
    outputs: { ...outputs, message: `Test only: nothing was sent, and nothing changed.${madeFrom(outputs)}` },
    then: 'continue',
  };
}

function madeFrom({ key_made_from: what }: Evaluated['outputs']): string {
  return typeof what === 'string' ? ` The key was made from ${what}.` : '';
}

/** The hosted API's free plan shortens every claim, and says so only in the answer to a live one. */
const FREE_PLAN_MINUTES = 60;

async function cappedBy(
  { capabilities, deadlineAt }: Call,
  { hold_minutes: asked }: Inputs,
): Promise<string> {
  if (typeof asked !== 'number' || asked <= FREE_PLAN_MINUTES) return '';
  const account = await attempt(() => capabilities.me(deadlineAt));
  // Where the account cannot be asked for, the live step says what it was given.
  return !isRefused(account) && account['plan'] === 'free'
    ? ` Your plan holds a key for at most ${String(FREE_PLAN_MINUTES)} minutes, not ${String(asked)}: another run takes over from one that takes longer, with its delays and replays.`
    : '';
}

async function realState(call: Call, inputs: Inputs): Promise<string> {
  const { answer } = await call.send(() => toWire(operations.getKey.requests[0], inputs), call.deadlineAt);
  const { message, exists } = readOutputs(operations.getKey, inputs, answer).outputs;
  const met =
    exists === true
      ? `A live run would not be the first: ${asText(message)}`
      : 'A live run would be the first.';
  return `Test only: nothing was claimed. ${met}`;
}
