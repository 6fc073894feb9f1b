import {
  OnceOnlyError,
  operations,
  toolCallKey,
  type Field,
  type Json,
  type OperationId,
} from '@onceonly/shared';
import { isObject } from '@onceonly/shared/json.ts';

/** A field of an operation. `help` replaces its help with words for a model. */
export function fieldOf(operation: OperationId, id: string, help?: string): Field {
  const fields: readonly Field[] = operations[operation].fields;
  const field = fields.find((each) => each.id === id);
  if (field === undefined) throw new Error(`${operation} has no field ${id}.`);
  return help === undefined ? field : { ...field, help };
}

/** The same field, but optional. */
export const optional = (field: Field): Field =>
  Object.fromEntries(Object.entries(field).filter(([member]) => member !== 'required')) as unknown as Field;

/** The default job of tool calls. */
const TOOL_CALLS = 'tools';

export const argumentsField: Field = {
  id: 'arguments',
  label: 'Arguments',
  type: 'json',
  help: 'For a tool call: the object of arguments that you are about to call it with; {} for none. Their order makes no difference.',
};

/** The fields that name the work: run, tool and arguments for a tool call, or a key for anything else. */
export const workFields: readonly Field[] = [
  {
    id: 'run',
    label: 'Run',
    type: 'text',
    maxLength: 64,
    help: 'For a tool call: the id of your task or conversation. The same in all of it, also after a restart; another for every other task.',
  },
  {
    id: 'tool',
    label: 'Tool',
    type: 'text',
    maxLength: 64,
    help: 'For a tool call: the name of the tool that you are about to call.',
  },
  argumentsField,
  optional(
    fieldOf(
      'getKey',
      'key',
      'In place of run, tool and arguments, for work that an event asks for: the id of the event, such as an order number. Not the time, and nothing that is new on each attempt.',
    ),
  ),
  optional(
    fieldOf(
      'getKey',
      'job',
      `What is to happen once, such as "send invoice". Needed with a key, and always the same; "${TOOL_CALLS}" for a tool call that has none. No colons.`,
    ),
  ),
];

/** The job and the key of the named work. Throws `invalid_input`, which names the field. */
export function workOf({ run, tool, arguments: args, key, job }: Readonly<Record<string, Json>>) {
  const parts = { run, tool, arguments: args };
  const [given] = Object.entries(parts).find(([, value]) => value !== null) ?? [];
  if (key !== null) {
    if (given !== undefined) throw bad(given, 'Give either a key, or run, tool and arguments.');
    if (job === null) throw bad('job', 'A key needs the name of its job.');
    return { job, key };
  }
  if (given === undefined) throw bad('key', 'Give a key and a job, or run, tool and arguments.');
  if (typeof run !== 'string') throw bad('run', 'A tool call is named by run, tool and arguments.');
  if (typeof tool !== 'string') throw bad('tool', 'A tool call is named by run, tool and arguments.');
  if (!isObject(args)) throw bad('arguments', 'They must be an object, {} where there are none.');
  return { job: job ?? TOOL_CALLS, key: toolCallKey(run, tool, args) };
}

const bad = (field: string, detail: string): OnceOnlyError =>
  new OnceOnlyError('invalid_input', { field, detail });
