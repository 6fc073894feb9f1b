import { isObject, type JsonObject } from '@onceonly/shared/json.ts';
import { OCCURRENCE, readOccurrence, withOccurrence } from '@onceonly/shared/occurrence.ts';
import { fitKey, toolCallKey } from '@onceonly/shared/sources/key.ts';
import { asSchema, jsonSchema } from 'ai';
import { attempts } from './attempts.ts';
import { whyNotJson } from './result-json.ts';
import { ALWAYS, checkNames, checkShared, invalid, readName } from './options.ts';
import type { Attempt, Once, OnceOptions } from './types.ts';

export interface OnceToolsOptions extends Omit<OnceOptions, 'verify' | 'fingerprint'> {
  /** The ID of the task or conversation within which equal calls count as one. It must survive a restart, and differ between tasks. */
  readonly scope: string;
  /** Default `'tools'`. */
  readonly job?: string | undefined;
}

/** The part of an AI SDK tool that is needed here; it is the same in all versions since 5. */
interface AnyTool {
  readonly inputSchema?: unknown;
  readonly execute?: ((input: never, options: never) => unknown) | undefined;
}

type Execute = (input: unknown, options: ToolOptions) => unknown;
interface ToolOptions {
  readonly abortSignal?: AbortSignal | undefined;
}

/** The attempt that a tool's `execute` belongs to, found by the options that `execute` was given. It has the `idempotencyKey` to pass on. */
export const attemptOf = (options: object): Attempt | undefined => attempts.get(options);

/**
 * Wraps tools so that each call is made once: a call of the same tool with the same arguments, in the same scope, gets the result of
 * the first one. A model that really means the same call again says so with an argument that is added to the tool's input. Of a tool
 * that yields several outputs, the last one is kept. Tools without `execute`, which a provider runs, are left unchanged.
 * @throws {OnceOnlyError} if `scope` is empty. A call throws what `once` throws: the model sees the message, and the call is not made.
 */
export function onceTools<TOOLS extends Readonly<Record<string, AnyTool>>>(
  once: Once,
  tools: TOOLS,
  options: OnceToolsOptions,
): TOOLS {
  checkNames(options, ['scope', 'job', ...ALWAYS]);
  const { scope, job = 'tools', ...ofOnce } = options;
  // With an empty scope, all tasks would share their calls.
  readName('scope', scope);
  checkShared(job, ofOnce);
  return Object.fromEntries(
    Object.entries(tools).map(([name, tool]) => [
      name,
      tool.execute === undefined ? tool : onceTool(once, name, tool, tool.execute as Execute, options),
    ]),
  ) as TOOLS;
}

function onceTool(
  once: Once,
  name: string,
  tool: AnyTool,
  execute: Execute,
  { scope, job = 'tools', ...options }: OnceToolsOptions,
) {
  return {
    ...tool,
    inputSchema: schemaWithOccurrence(tool.inputSchema),
    async execute(input: unknown, given: ToolOptions): Promise<unknown> {
      const not = whyNotJson(input);
      if (not !== undefined)
        throw invalid('input', `has to be JSON: “input${not.path}” is ${not.what}. Nothing was called.`);
      const read = isObject(input) ? readOccurrence(input) : { args: input as JsonObject, occurrence: 1 };
      if (read === null) throw invalid(OCCURRENCE, 'has to be a whole number, 1 or more.');
      const { args, occurrence } = read;
      const work = async (attempt: Attempt): Promise<unknown> => {
        const signals = [attempt.signal, ...(given.abortSignal === undefined ? [] : [given.abortSignal])];
        const withAttempt = { ...given, abortSignal: AbortSignal.any(signals) };
        attempts.set(withAttempt, attempt);
        return lastOf(await execute.call(tool, args, withAttempt));
      };
      // With the job in front, a long scope would no longer fit.
      const whole = fitKey(job, toolCallKey(scope, name, args, occurrence));
      return (await once(job, whole.slice(job.length + 1), work, options)).value;
    },
  };
}

/** The tool's input schema with one more optional member, which the tool itself never sees. */
function schemaWithOccurrence(inputSchema: unknown) {
  const schema = asSchema(inputSchema as Parameters<typeof asSchema>[0]);
  const { validate } = schema;
  // Version 5 of the SDK takes no promise, and makes none.
  const own = () => {
    const given: unknown = schema.jsonSchema;
    const added = (of: unknown) => withOccurrence(of as JsonObject) as object;
    return given instanceof Promise ? given.then(added) : added(given);
  };
  return jsonSchema(own, {
    async validate(value) {
      if (!isObject(value) || value[OCCURRENCE] === undefined)
        return (await validate?.(value)) ?? valid(value);
      const { [OCCURRENCE]: occurrence, ...args } = value;
      const checked = (await validate?.(args)) ?? valid(args);
      return checked.success ? valid({ ...(checked.value as object), [OCCURRENCE]: occurrence }) : checked;
    },
  });
}

const valid = (value: unknown) => ({ success: true as const, value });

async function lastOf(output: unknown): Promise<unknown> {
  if (typeof output !== 'object' || output === null || !(Symbol.asyncIterator in output)) return output;
  let last: unknown;
  for await (const each of output as AsyncIterable<unknown>) last = each;
  return last;
}
