import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

type Inputs = Readonly<Record<string, unknown>>;

/** What a key is derived from on n8n, where the item itself holds it: added to what the user entered. */
export async function withDelivery(
  node: IExecuteFunctions,
  item: INodeExecutionData,
  itemIndex: number,
  inputs: Inputs,
): Promise<Inputs> {
  const { json } = item;
  switch (inputs['key_from']) {
    case 'fields':
      return { ...inputs, payload: json };
    case 'whole':
      // Headers and the like are new with each delivery.
      return { ...inputs, payload: isOfWebhook(json) ? json['body'] : json };
    case 'detect': {
      if (typeof inputs['payload'] === 'string') return inputs;
      const body = await rawBodyOf(node, item, itemIndex);
      return body === undefined ? inputs : { ...inputs, payload: body };
    }
    default:
      return inputs;
  }
}

/** Of the Webhook node, or of a trigger that hands on as much. */
const isOfWebhook = (json: IDataObject): boolean =>
  'body' in json && ['headers', 'query'].every((name) => typeof json[name] === 'object');

/** The body as it came: with its option Raw Body, the Webhook node adds it as the file `data`. */
async function rawBodyOf(
  node: IExecuteFunctions,
  { json, binary }: INodeExecutionData,
  itemIndex: number,
): Promise<string | undefined> {
  if (binary?.['data'] === undefined || !isOfWebhook(json)) return undefined;
  // A file of that name that was sent is no body.
  const { 'content-type': type } = json['headers'] as IDataObject;
  if (typeof type === 'string' && type.startsWith('multipart/')) return undefined;
  return (await node.helpers.getBinaryDataBuffer(itemIndex, 'data')).toString('utf8');
}
