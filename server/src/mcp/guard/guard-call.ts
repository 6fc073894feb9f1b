import { toolCallKey, type Client, type Json, type JsonObject } from '@onceonly/shared';
import { messageOf } from '../../error-message.ts';
import { asText, isObject } from '@onceonly/shared/json.ts';
import { readOccurrence } from '@onceonly/shared/occurrence.ts';
import { randomUUID } from 'node:crypto';
import * as say from './words.ts';

/** The outcome of a call that was passed on to the tool's server. */
export type CallOutcome =
  | { readonly kind: 'result'; readonly result: JsonObject }
  | { readonly kind: 'error'; readonly error: JsonObject }
  /** The call certainly did not reach the server. */
  | { readonly kind: 'not made'; readonly error: JsonObject }
  /** The connection ended before the answer. */
  | { readonly kind: 'unknown' };

export type Answer = Extract<CallOutcome, { readonly kind: 'result' | 'error' }>;

export interface GuardOptions {
  readonly client: Client;
  /** The task or conversation within which equal calls count as one. */
  readonly scope: string;
  /** How long a call is held after the last sign of life. */
  readonly holdMinutes: number;
  readonly rememberDays: number | null;
  /** What happens to a call if the first equal one has no known outcome. */
  readonly ifUnknown: 'refuse' | 'repeat';
  /** Whether calls are made even if OnceOnly cannot be reached. */
  readonly failOpen: boolean;
  /** Writes a line for the person who runs the guard. */
  readonly log: (line: string) => void;
}

interface GuardedCall {
  readonly server: string;
  readonly tool: string;
  /** The tool has an output schema, so clients accept a result only with structured content, or as an error. */
  readonly isStructured: boolean;
  readonly given: JsonObject;
  /** Aborted when the client no longer waits for the answer. */
  readonly gone: AbortSignal;
  readonly passOn: (args: JsonObject) => Promise<CallOutcome>;
}

/** The error code of a call whose answer was never received. */
const OUTCOME_UNKNOWN = 'outcome_unknown';
const JOB = 'mcp';

/**
 * Makes a tool call once. The first one is passed on, and its result is kept. An equal call later gets that result, and one that
 * comes meanwhile waits for it. Returns null if the client has gone and nothing was passed on.
 */
export async function guardCall(options: GuardOptions, call: GuardedCall): Promise<Answer | null> {
  const read = readOccurrence(call.given);
  if (read === null) return failed(say.badOccurrence);
  const { args, occurrence } = read;
  const claimed = await claim(options, call, keyOf(options.scope, call, args, occurrence));
  if (claimed === null) return null;
  if (typeof claimed === 'string') return failed(claimed);
  const { status, claim_token: token, first_seen_at: firstAt, result, message, error_code: code } = claimed;
  switch (status) {
    case 'claimed':
      return passOn(options, call, args, { token, occurrence });
    case 'unprotected':
      options.log(`“${call.tool}” is called although OnceOnly could not be asked.`);
      return answerOf(await call.passOn(args)) ?? failed(say.endedBefore(call.tool, occurrence));
    case 'completed':
      return replay(call, result, { firstAt, occurrence });
    case 'unresolved':
      return failed(say.unknownOutcome(call.tool, firstAt, occurrence));
    default:
      return failed(
        code === OUTCOME_UNKNOWN
          ? say.unknownOutcome(call.tool, firstAt, occurrence)
          : say.refusedByPerson(message),
      );
  }
}

const keyOf = (scope: string, { server, tool }: GuardedCall, args: JsonObject, occurrence: number): string =>
  toolCallKey(scope, `${server}/${tool}`, args, occurrence);

/** Claims the call, and waits while another one is at work. Returns the outputs; null if the client has gone; a sentence if OnceOnly could not be asked. */
async function claim(
  { client, holdMinutes, rememberDays, ifUnknown, failOpen }: GuardOptions,
  { gone }: GuardedCall,
  key: string,
): Promise<JsonObject | string | null> {
  const context = { holder: randomUUID() };
  const inputs = {
    job: JOB,
    key,
    hold_minutes: holdMinutes,
    remember_days: rememberDays,
    on_duplicate: 'continue',
    if_run_died: ifUnknown === 'refuse' ? 'block' : 'retry',
    while_in_progress: 'retry_later',
    when_unreachable: failOpen ? 'continue' : 'retry_later',
  };
  while (!gone.aborted) {
    try {
      const outputs = (await client.perform('claimKey', inputs, context)).outputs as JsonObject;
      if (outputs['status'] !== 'in_progress' && outputs['status'] !== 'unconfirmed') return outputs;
    } catch (error) {
      return say.notAsked(messageOf(error));
    }
  }
  return null;
}

async function passOn(
  options: GuardOptions,
  call: GuardedCall,
  args: JsonObject,
  { token, occurrence }: { readonly token: Json | undefined; readonly occurrence: number },
): Promise<Answer> {
  const { client, holdMinutes, log } = options;
  // The claim of a cancelled call is not extended: its outcome may never be known, so the claim must end by itself.
  const extending = setInterval(() => {
    if (!call.gone.aborted)
      client
        .perform('extendClaim', { claim_token: token, hold_minutes: holdMinutes })
        .catch((error: unknown) => {
          log(`The claim of “${call.tool}” could not be extended: ${messageOf(error)}`);
        });
  }, holdMinutes * 20_000);
  try {
    const outcome = await call.passOn(args);
    const isDone = outcome.kind === 'result' && outcome.result['isError'] !== true;
    const note = await (isDone
      ? noted(options, 'completeKey', { claim_token: token, result: outcome.result })
      : noted(options, 'failKey', { claim_token: token, ...failureOf(outcome, options.ifUnknown) }));
    const answer = answerOf(outcome) ?? failed(say.endedBefore(call.tool, occurrence));
    return note === null || !isDone ? answer : withText(answer, say.notNoted(note));
  } finally {
    clearInterval(extending);
  }
}

/** How a call failed. After a tool's error, the call may be repeated; without a known outcome, only if that was chosen. */
const failureOf = (outcome: CallOutcome, ifUnknown: GuardOptions['ifUnknown']): JsonObject => ({
  reason: outcome.kind === 'unknown' ? OUTCOME_UNKNOWN : 'tool_error',
  retryable: outcome.kind !== 'unknown' || ifUnknown === 'repeat',
  no_effect: outcome.kind === 'not made',
});

/** Records the outcome of a claim. Returns why that was not possible, or null. If it was not, the claim ends by itself, without a known outcome. */
async function noted(
  { client, log }: GuardOptions,
  operation: 'completeKey' | 'failKey',
  inputs: JsonObject,
): Promise<string | null> {
  try {
    const { outputs, then } = await client.perform(operation, inputs);
    if (then !== 'late') return null;
    log(asText(outputs['message']));
    return asText(outputs['message']);
  } catch (error) {
    log(`What came of a call could not be noted: ${messageOf(error)}`);
    return messageOf(error);
  }
}

function replay(
  { isStructured }: GuardedCall,
  result: Json | undefined,
  { firstAt, occurrence }: { readonly firstAt: Json | undefined; readonly occurrence: number },
): Answer {
  if (!isObject(result) || result['truncated'] === true) {
    const sentence = say.tooLarge(firstAt, occurrence);
    return isStructured ? failed(sentence) : text(sentence);
  }
  const answer: Answer = {
    kind: 'result',
    result: {
      ...result,
      _meta: { ...(isObject(result['_meta']) ? result['_meta'] : {}), 'onceonly/replay': { firstAt } },
    },
  };
  return withText(answer, say.replayed(firstAt, occurrence));
}

function answerOf(outcome: CallOutcome): Answer | null {
  if (outcome.kind === 'unknown') return null;
  return outcome.kind === 'not made' ? { kind: 'error', error: outcome.error } : outcome;
}

const text = (sentence: string): Answer => ({
  kind: 'result',
  result: { content: [{ type: 'text', text: sentence }] },
});

const failed = (sentence: string): Answer => ({
  kind: 'result',
  result: { content: [{ type: 'text', text: sentence }], isError: true },
});

/** Adds a text at the end of an answer. */
function withText(answer: Answer, sentence: string): Answer {
  if (answer.kind === 'error') return answer;
  const { content } = answer.result;
  const more = { type: 'text', text: sentence };
  return {
    kind: 'result',
    result: { ...answer.result, content: [...(Array.isArray(content) ? (content as Json[]) : []), more] },
  };
}
