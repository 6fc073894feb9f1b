import {
  Workflow,
  type IDataObject,
  type IExecuteFunctions,
  type INode,
  type INodeExecutionData,
  type INodeParameters,
  type INodeTypes,
} from 'n8n-workflow';
import { operations, type OperationId } from '@onceonly/shared';
import { OnceOnly } from '../nodes/OnceOnly/OnceOnly.node.ts';
import { openParameters, type Entered } from '../nodes/OnceOnly/node-parameters.ts';
import { exactContentOf, reading, withDelivery } from '../nodes/OnceOnly/webhook-item.ts';

/** An item of the Webhook node; `raw` is the body that its option Raw Body adds. */
export function webhookItem(text: string, raw: boolean): INodeExecutionData {
  const json = { headers: {}, params: {}, query: {}, body: JSON.parse(text) as IDataObject };
  const data = { data: Buffer.from(text).toString('base64'), mimeType: 'application/json' };
  return { json, ...(raw && { binary: { data } }) };
}

/** What the node reads of its parameters for the first item, with n8n's own engine for expressions. */
export async function enteredAs(
  id: OperationId,
  parameters: INodeParameters,
  item: INodeExecutionData,
): Promise<Extract<Entered, { readonly inputs: unknown }>> {
  const node = nodeWith(parameters, [item]);
  const content = await exactContentOf(node, item, 0);
  const entered = reading(item, content, () => openParameters(node, operations[id])(0));
  if ('error' in entered) throw entered.error;
  return { ...entered, inputs: await withDelivery(node, item, 0, content, entered.inputs) };
}

export const readAs = async (
  ...given: Parameters<typeof enteredAs>
): Promise<Readonly<Record<string, unknown>>> => (await enteredAs(...given)).inputs;

function nodeWith(parameters: INodeParameters, items: INodeExecutionData[]): IExecuteFunctions {
  const name = 'Claim';
  const own: INode = {
    ...{ id: '1', name, type: 'onceOnly', typeVersion: 1, position: [0, 0] },
    parameters: { operation: 'claimKey', options: {}, ...parameters },
  };
  const nodeTypes = { getByNameAndVersion: () => new OnceOnly() } as unknown as INodeTypes;
  const workflow = new Workflow({ nodes: [own], connections: {}, active: false, nodeTypes });
  const { expression } = workflow;
  const memberOf = (path: string): unknown =>
    path
      .split('.')
      .reduce<unknown>((value, step) => (value as IDataObject | undefined)?.[step], own.parameters);
  // As n8n-core does, which no package but n8n itself brings.
  const node = {
    getNode: () => own,
    getMode: () => 'trigger',
    getInputData: () => items,
    getNodeParameter: (
      path: string,
      index: number,
      fallback: unknown,
      options?: { rawExpressions?: true },
    ) => {
      const value = (memberOf(path) ?? fallback) as string;
      if (options?.rawExpressions === true) return value;
      return expression.getParameterValue(value, null, 0, index, name, items, 'trigger', {});
    },
    evaluateExpression: (text: string, index: number) =>
      expression.resolveSimpleParameterValue(`=${text}`, {}, null, 0, index, name, items, 'trigger', {}),
    helpers: {
      getBinaryDataBuffer: (index: number, property: string) =>
        Promise.resolve(Buffer.from(items[index]?.binary?.[property]?.data ?? '', 'base64')),
    },
  };
  return node as unknown as IExecuteFunctions;
}
