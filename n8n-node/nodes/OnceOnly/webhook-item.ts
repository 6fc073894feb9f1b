import { inexactNumberIn, parseExactly, type Json } from '@onceonly/shared';
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

type Inputs = Readonly<Record<string, unknown>>;

/**
 * The item's content. Where n8n has read numbers that are too long for it, and the body is there as it came, it is read
 * from that: each such number is then the text of its digits.
 */
export async function exactContentOf(
  node: IExecuteFunctions,
  item: INodeExecutionData,
  itemIndex: number,
): Promise<IDataObject> {
  const { json } = item;
  if (inexactNumberIn(json) === undefined) return json;
  const text = await rawBodyOf(node, item, itemIndex);
  const body = text === undefined ? undefined : jsonIn(text);
  return body === undefined ? json : { ...json, body: body as IDataObject };
}

/** Has the item's expressions read that content. */
export function reading<T>(item: INodeExecutionData, content: IDataObject, read: () => T): T {
  const { json } = item;
  item.json = content;
  try {
    return read();
  } finally {
    item.json = json;
  }
}

/** What a key is derived from on n8n, where the item itself holds it: added to what the user entered. */
export async function withDelivery(
  node: IExecuteFunctions,
  item: INodeExecutionData,
  itemIndex: number,
  content: IDataObject,
  inputs: Inputs,
): Promise<Inputs> {
  switch (inputs['key_from']) {
    case 'fields':
      return { ...inputs, ...chosenIn(content, inputs['fields']) };
    case 'whole':
      // Headers and the like are new with each delivery.
      return { ...inputs, payload: isOfWebhook(content) ? content['body'] : content };
    case 'detect': {
      if (typeof inputs['payload'] === 'string') return inputs;
      const body = await rawBodyOf(node, item, itemIndex);
      return body === undefined ? inputs : { ...inputs, payload: body };
    }
    default:
      return inputs;
  }
}

/**
 * Fields of a Webhook node's body count by their names in the body, as they do on the other platforms: `body.order.id` is
 * `order.id`. A job that several platforms share has one key then. Other headers than those that are named are left out: they
 * are new with each delivery, and all of the content tells the changes of a record apart.
 */
function chosenIn(content: IDataObject, fields: unknown): Inputs {
  const names = typeof fields === 'string' ? fields.split(/[\n,]/).map((name) => name.trim()) : [];
  const chosen = names.filter((name) => name !== '');
  if (!isOfWebhook(content)) return { payload: content };
  if (!chosen.every((name) => name.startsWith('body.'))) {
    const isNamed = ([name]: [string, unknown]) =>
      ['headers', `headers.${name}`].some((field) => chosen.includes(field));
    const headers = Object.fromEntries(Object.entries(content['headers'] as IDataObject).filter(isNamed));
    return { payload: { ...content, headers } };
  }
  return { payload: content['body'], fields: chosen.map((name) => name.slice('body.'.length)).join('\n') };
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

function jsonIn(text: string): Json | undefined {
  try {
    return parseExactly(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}
