import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { isOnceOnlyError, OnceOnlyError, type Client } from '@onceonly/shared';
import { readInputs } from '@onceonly/shared/inputs.ts';
import { asText } from '@onceonly/shared/json.ts';
import { tools, type Tool } from './tools.ts';
import { workFields, workOf } from './work.ts';

type Given = Readonly<Record<string, unknown>>;

/**
 * Calls a tool: the operation's outputs, and what to do next. Whatever goes wrong is an answer that a model can read,
 * marked as an error; it never says to go on.
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
  // Without what was meant by it, the rest would name other work.
  const unknown = Object.keys(given).find((each) => !known.includes(each));
  if (unknown !== undefined) {
    const detail = `There is no such field. There are: ${known.join(', ')}.`;
    throw new OnceOnlyError('invalid_input', { field: unknown, detail });
  }
  const inputs = readInputs({ fields }, given, 'node');
  if (!workFields.every((field) => fields.includes(field))) return inputs;
  // A model is told of a duplicate, and decides by that.
  return { ...inputs, ...workOf(inputs), on_duplicate: 'continue' };
}
