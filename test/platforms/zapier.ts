import { operations, type OperationId } from '@onceonly/shared';
import type { Connection, Outcome, Platform } from './platform.ts';
import { openZapierProcess, type Answer, type ZapierProcess } from './zapier-process.ts';

type Given = Readonly<Record<string, unknown>>;

/** What Zapier tells of the Zap beside its inputs. */
type Also = Given & { readonly meta?: Given };

/** What a step throws, as Zapier reads it: the name decides what becomes of the run. */
export interface ZapierError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly status?: number;
  /** Seconds, of a ThrottledError. */
  readonly delay?: number;
}

type Attempt = { readonly results: unknown } | { readonly error: ZapierError };

type Step = { readonly outputs: Given } | { readonly error: ZapierError };

/** The built app, run as Zapier runs it. */
export interface Zapier extends Platform {
  /** One step with all that Zapier is told; `isLoadingSample` is the editor's test. */
  step(operation: OperationId, inputs: Given, meta?: { readonly isLoadingSample: boolean }): Promise<Step>;
  /** Any method of the app by its path, such as `creates.claimKey.operation.inputFields`. */
  execute(method: string, inputData?: Given): Promise<unknown>;
  /** The same, with what else Zapier tells of the Zap, and with what is thrown as a result. */
  attempt(method: string, inputData: Given, also: Also): Promise<Attempt>;
  /** Tests the connection, as somebody does who connects. */
  connect(): Promise<Connected>;
  /** The app as Zapier's editor knows it, with functions named instead of given. */
  definition(): Promise<Given>;
  /** What Zapier's schema has against the app. */
  validate(): Promise<unknown>;
}

export type Connected =
  { readonly account: Given; readonly label: unknown } | { readonly error: ZapierError };

/** The key as somebody maps it, who does not type it in. */
const mapped = (inputData: Given): Given => ({
  ...inputData,
  ...('key' in inputData && { key: '{{1__key}}' }),
});

/** Opens a process for itself unless given one to share. */
export async function openZapier(connection: Connection, shared?: ZapierProcess): Promise<Zapier> {
  const host = shared ?? (await openZapierProcess());
  const { apiKey, baseUrl } = connection;

  async function execute(method: string, inputData: Given = {}, also: Also = {}): Promise<unknown> {
    const zap = { isLoadingSample: false, isBulkRead: false, timezone: 'UTC', zap: { id: '1' } };
    const meta = { ...zap, ...also.meta };
    const bundle = {
      authData: { apiKey, baseUrl },
      inputData,
      inputDataRaw: mapped(inputData),
      ...also,
      meta,
    };
    return resultsOf(await host.send({ command: 'execute', method, bundle }));
  }

  async function step(id: OperationId, inputs: Given, meta = { isLoadingSample: false }): Promise<Step> {
    const kind = operations[id].kind === 'lookup' ? 'searches' : 'creates';
    return caught(async () => {
      // As a Zap that branches on Exists has it.
      const entered = kind === 'searches' ? { when_missing: 'object', ...inputs } : inputs;
      const results = await execute(`${kind}.${id}.operation.perform`, entered, { meta });
      return { outputs: (Array.isArray(results) ? results[0] : results) as Given };
    });
  }

  return {
    name: 'zapier',
    run: async (id, inputs) => outcomeOf(await step(id, inputs)),
    step,
    execute: (method, inputData) => execute(method, inputData),
    attempt: (method, inputData, also) =>
      caught(async () => ({ results: await execute(method, inputData, also) })),
    connect: () =>
      caught(async () => {
        const account = (await execute('authentication.test')) as Given;
        return { account, label: await execute('authentication.connectionLabel', account) };
      }),
    definition: async () => resultsOf(await host.send({ command: 'definition' })) as Given,
    validate: async () => resultsOf(await host.send({ command: 'validate' })),
    close: async () => {
      if (shared === undefined) await host.close();
    },
  };
}

async function caught<T>(act: () => Promise<T>): Promise<T | { readonly error: ZapierError }> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Thrown) return { error: error.as };
    throw error;
  }
}

class Thrown extends Error {
  readonly as: ZapierError;
  constructor(as: ZapierError) {
    super(`${as.name}: ${as.message}`);
    this.as = as;
  }
}

function resultsOf(answer: Answer): unknown {
  if ('results' in answer) return answer.results;
  throw new Thrown(read(answer.error));
}

/** Zapier's core writes some errors as JSON into their message. */
function read({ name, message }: { name: string; message: string }): ZapierError {
  if (!['AppError', 'ThrottledError'].includes(name)) return { name, message };
  return { name, ...(JSON.parse(message) as Omit<ZapierError, 'name'>) };
}

function outcomeOf(step: Step): Outcome {
  if ('outputs' in step) {
    return { kind: 'continued', outputs: step.outputs as Extract<Outcome, { kind: 'continued' }>['outputs'] };
  }
  const { name, message } = step.error;
  switch (name) {
    case 'HaltedError':
      return { kind: 'stopped', message };
    case 'ThrottledError':
      return { kind: 'later', message };
    default:
      return { kind: 'told', message };
  }
}
