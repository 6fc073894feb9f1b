import type { Inputs } from '../inputs.ts';
import { asText, type Json, type JsonObject } from '../json.ts';
import type { Origin } from '../origin.ts';
import type { Operation, Output, Request, Then } from '../operations/operation.ts';
import { evaluate, type Scope } from '../rules.ts';
import type { Wire } from './send.ts';

/** What the client adds to the user's input. */
export interface Added {
  readonly holder?: string;
  readonly run?: string;
  readonly origin?: Origin;
  /** Seconds. */
  readonly wait?: number;
  readonly result_hash?: string;
}

export interface Evaluated {
  readonly outputs: Readonly<Record<string, Json>>;
  readonly then: Then;
}

/** Builds a request by the operation's rules. */
export function toWire(request: Request, inputs: Inputs, added: Added = {}): Wire {
  const known = scope(inputs, { added });
  const sent: Record<string, Json> = {};
  for (const [member, rule] of Object.entries(request.send)) {
    const value = evaluate(rule, known);
    if (value !== null) sent[member] = value;
  }
  if (request.method === 'POST') return { method: 'POST', path: request.path, body: sent };
  const query = Object.fromEntries(Object.entries(sent).map(([member, value]) => [member, asText(value)]));
  return { method: 'GET', path: request.path, query };
}

/**
 * Evaluates the operation's rules for its outputs and for what the platform does next. If the client derived the key, the inputs,
 * rather than the answer, say where it comes from. `now`: epoch milliseconds.
 */
export function readOutputs(
  operation: Operation,
  inputs: Inputs,
  answered: JsonObject,
  now: number,
): Evaluated {
  const { source, made_from, warning, signature_checked, detected } = inputs;
  const answer =
    typeof made_from === 'string'
      ? { ...answered, source, made_from, warning, signature_checked, detected }
      : answered;
  const outputs = outputsOf(operation.outputs, inputs, answer, now);
  return { outputs, then: evaluate(operation.then, scope(inputs, { answer, outputs, now })) as Then };
}

/** Evaluates the outputs in order; each rule may read the outputs before it. */
export function outputsOf(
  outputs: readonly Output[],
  inputs: Inputs,
  answer: JsonObject,
  now: number,
): Evaluated['outputs'] {
  const read: Record<string, Json> = {};
  for (const { id, from } of outputs)
    read[id] = evaluate(from, scope(inputs, { answer, outputs: read, now }));
  return read;
}

/** Whether a request is to be sent, given the answers so far. */
export const isDue = (request: Request, inputs: Inputs, answer: JsonObject): boolean =>
  request.when === undefined || evaluate(request.when, scope(inputs, { answer })) === true;

interface Known {
  readonly added?: Added;
  readonly answer?: JsonObject;
  readonly outputs?: Readonly<Record<string, Json>>;
  readonly now?: number;
}

/** `now` may be missing for requests, since they contain no time in words. */
function scope(inputs: Inputs, { added = {}, answer = {}, outputs = {}, now = 0 }: Known): Scope {
  return { input: inputs, client: { ...added }, answer, output: outputs, now };
}
