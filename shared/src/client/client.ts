import { randomUUID } from 'node:crypto';
import { isOnceOnlyError } from '../errors.ts';
import { checkKey, type Inputs, readInputs } from '../inputs.ts';
import type { JsonObject } from '../json.ts';
import { operations, type OperationId } from '../operations/index.ts';
import type { InputsOf, Operation, OutputsOf, PlatformName, Then } from '../operations/operation.ts';
import type { Origin } from '../origin.ts';
import type { SigningSecrets } from '../sources/signing-secrets.ts';
import type { Transport } from '../transport.ts';
import { isRefused } from './items.ts';
import type { Call, RunContext } from './call.ts';
import { refuseWhatCannotBeKept } from './capabilities.ts';
import { claim } from './claim.ts';
import { type Evaluated, isDue, readOutputs, toWire } from './translate.ts';
import { createFinishers, type Finish } from './finish.ts';
import { inTurns, performMany } from './many.ts';
import type { Item, Performed } from './items.ts';
import { nameEvent, type Surroundings } from './name-event.ts';
import { preview } from './preview.ts';
import { notChecked, watches } from './not-checked.ts';
import type { Timing } from './send.ts';
import { openService } from './service.ts';

export interface ClientOptions {
  /** Its defaults apply if the user chose nothing. */
  readonly platform: PlatformName;
  readonly sleep: (ms: number) => Promise<void>;
  /** Where the runs are, for people. Only our own server shows it. */
  readonly origin?: Origin;
  /** The deadline of a call, with all its retries and waits. Default 25,000. */
  readonly deadlineMs?: number;
  /** Epoch milliseconds. Default: the machine's clock. */
  readonly now?: () => number;
  /** From 0 to 1. Default: Math.random. */
  readonly random?: () => number;
  /** Default: a random UUID. */
  readonly newId?: () => string;
  /** The signing secrets of webhook senders, if the connection has them. */
  readonly signingSecrets?: SigningSecrets;
  /** The same operations with labels and messages as a platform writes them. */
  readonly operations?: Readonly<Record<OperationId, Operation>>;
  /** Replaces `nameEvent`. The server runs it in a worker thread, since deriving a key from much content takes long. */
  readonly nameEvent?: (operation: Operation, inputs: Inputs, surroundings: Surroundings) => Promise<Inputs>;
}

/** The outputs of an operation, and what the platform does next. */
export interface Ran<O extends Operation> {
  readonly outputs: OutputsOf<O>;
  readonly then: Then;
}

type Operations = typeof operations;

type Given = Readonly<Record<string, unknown>>;

export interface Client {
  /** Runs an operation. Throws a OnceOnlyError; a decision of the service is an outcome, not an error. */
  run<Id extends OperationId>(
    id: Id,
    inputs: InputsOf<Operations[Id]>,
    context?: RunContext,
  ): Promise<Ran<Operations[Id]>>;
  /** The same for untyped inputs from a platform, which are read as the operation's fields define. */
  perform(id: OperationId, inputs: Given, context?: RunContext): Promise<Evaluated>;
  /** The same for many items. Each has its own outcome, in order. A OnceOnlyError is an outcome, and is not thrown. */
  performMany(id: OperationId, items: readonly Item[]): Promise<readonly Performed[]>;
  /** For a test in a platform's editor: nothing is claimed, sent or changed, and the claim token is `test_…`. */
  preview(id: OperationId, inputs: Given): Promise<Evaluated>;
  /** The same for many items, as `performMany`. */
  previewMany(id: OperationId, items: readonly Item[]): Promise<readonly Performed[]>;
  /** The account of the API key, which a connection test asks for. */
  me(): Promise<JsonObject>;
}

export function createClient(transport: Transport, options: ClientOptions): Client {
  const {
    platform,
    sleep,
    deadlineMs = 25_000,
    now = Date.now,
    random = Math.random,
    newId = randomUUID,
    signingSecrets,
    operations: worded = operations,
  } = options;
  const timing: Timing = { now, sleep, random };
  const { send, capabilities } = openService(transport, timing);
  const completionsUnknown = new Set<string>();
  const finishers: Partial<Record<OperationId, Finish>> = createFinishers(completionsUnknown);

  const startCall = (context: RunContext): Call => ({
    send,
    timing,
    capabilities,
    context,
    origin: options.origin,
    newId,
    deadlineAt: now() + deadlineMs,
  });

  function read(operation: Operation, given: Given): Inputs {
    const inputs = readInputs(operation, given, platform);
    checkKey(inputs);
    return inputs;
  }

  const name = (operation: Operation, inputs: Inputs): Inputs =>
    nameEvent(operation, inputs, { now: now(), platform, signingSecrets });
  const nameOne = async (operation: Operation, inputs: Inputs): Promise<Inputs> =>
    options.nameEvent?.(operation, inputs, { now: now(), platform, signingSecrets }) ??
    name(operation, inputs);

  const refuse = (call: Call, operation: Operation, inputs: Inputs): Promise<void> =>
    refuseWhatCannotBeKept(operation, inputs, platform, (each) => capabilities.has(each, call.deadlineAt));

  async function perform(id: OperationId, given: Given, context: RunContext = {}): Promise<Evaluated> {
    const operation = worded[id];
    const call = startCall(context);
    const inputs = read(operation, given);
    if (id === 'claimKey' || id === 'lockKey') {
      const named = await nameOne(operation, inputs);
      const before = (): Promise<void> => refuse(call, operation, inputs);
      return readOutputs(operation, named, await claim(call, operation, named, before), now());
    }
    await refuse(call, operation, inputs);
    const finish = finishers[id] ?? ((): Promise<JsonObject> => sendAll(call, operation, inputs));
    return readOutputs(operation, inputs, await finish(call, inputs), now());
  }

  async function previewOf(id: OperationId, given: Given): Promise<Evaluated> {
    const operation = worded[id];
    if (operation.kind === 'lookup') return perform(id, given);
    const call = startCall({});
    const inputs = read(operation, given);
    const named = await nameOne(operation, inputs);
    await refuse(call, operation, inputs);
    return preview(call, operation, named);
  }

  const performOne: Client['perform'] = (id, given, context) =>
    perform(id, given, context).catch((error: unknown) => {
      if (!watches(worded[id], given) || !isOnceOnlyError(error)) throw error;
      return notChecked(worded[id], given, error);
    });

  return {
    // The public type follows from the operation's data; inside, all operations have the same type.
    run: performOne as Client['run'],
    perform: performOne,
    async performMany(id, items) {
      const tools = { startCall, perform, read, name, refuse, completionsUnknown };
      const performed = await performMany(tools, id, items);
      return performed.map((one, index) =>
        isRefused(one) && watches(worded[id], items[index]?.inputs)
          ? notChecked(worded[id], items[index]?.inputs ?? {}, one.error)
          : one,
      );
    },
    preview: previewOf,
    previewMany: (id, items) => inTurns({ startCall, perform: previewOf, read, name }, id, items),
    me: () => capabilities.me(now() + deadlineMs),
  };
}

async function sendAll(call: Call, operation: Operation, inputs: Inputs): Promise<JsonObject> {
  let answer: JsonObject = {};
  for (const request of operation.requests) {
    if (!isDue(request, inputs, answer)) continue;
    answer = { ...answer, ...(await call.send(() => toWire(request, inputs), call.deadlineAt)).answer };
  }
  return answer;
}
