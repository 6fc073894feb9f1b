import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { isOnceOnlyError, OnceOnlyError, type Client } from '@onceonly/shared';
import { readInputs } from '@onceonly/shared/inputs.ts';
import { asText } from '@onceonly/shared/json.ts';
import { tools, type Tool } from './tools.ts';
import { workFields, workOf } from './work.ts';

type Given = Readonly<Record<string, unknown>>;

/**
 * Calls a tool, and returns the operation's outputs and what to do next. An error becomes an answer that a model can read, marked as
 * an error. It never says that the model may go on.
 */
export async function callTool(client: Client, name: string, given: Given): Promise<CallToolResult> {
  const tool = tools.find((each) => each.name === name);
  if (tool === undefined)
    return failed(`There is no tool “${name}”. There are: ${tools.map((each) => each.name).join(', ')}.`);
  try {
    const { outputs } = await client.perform(tool.operation, inputsOf(tool, given));
    const next = tool.next[asText(outputs['status'])] ?? tool.afterError;
    const structuredContent = { ...outputs, next };
    return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent };
  } catch (error) {
    if (!isOnceOnlyError(error)) throw error;
    const { field } = error.details;
    return failed(field === undefined ? `${error.message} ${tool.afterError}` : `${field}: ${error.message}`);
  }
}

const failed = (text: string): CallToolResult => ({ content: [{ type: 'text', text }], isError: true });

function inputsOf({ fields }: Tool, given: Given): Given {
  const known = fields.map(({ id }) => id);
  // An unknown field is refused rather than ignored: without it, the rest might name other work.
  const unknown = Object.keys(given).find((each) => !known.includes(each));
  if (unknown !== undefined) {
    const detail = `There is no such field. There are: ${known.join(', ')}.`;
    throw new OnceOnlyError('invalid_input', { field: unknown, detail });
  }
  const inputs = readInputs({ fields }, given, 'node');
  if (!workFields.every((field) => fields.includes(field))) return inputs;
  // A duplicate never ends a model's run. The answer tells the model about it.
  return { ...inputs, ...workOf(inputs), on_duplicate: 'continue' };
}
