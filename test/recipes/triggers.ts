import { runInNewContext } from 'node:vm';
import { isObject, type Json } from '@onceonly/shared/json.ts';
import { Workflow, type INodeTypes } from 'n8n-workflow';
import { renderMapped, type Variables } from '../make/engine/evaluate.ts';
import type { SentDelivery } from '../sources/senders/sender.ts';
import { blockOf, codeIn, rowOf, type PlatformName } from './guide.ts';

/**
 * What each platform's webhook trigger hands over, and how a field is filled from it, as somebody does who follows a guide.
 * Zapier's and Make's are told from their documents, and from what others have seen of them; n8n's expressions are n8n's own.
 */

export const SETUP = 'README.md';

type Headers = Readonly<Record<string, string>>;

const isForm = ({ headers }: SentDelivery): boolean =>
  Object.entries(headers).some(
    ([name, value]) => name.toLowerCase() === 'content-type' && value.includes('x-www-form-urlencoded'),
  );

const lowerCase = ({ headers }: SentDelivery): Headers =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** The body, read as all platforms read it. */
export const bodyOf = (delivery: SentDelivery): Json =>
  isForm(delivery)
    ? Object.fromEntries(new URLSearchParams(delivery.payload))
    : (JSON.parse(delivery.payload) as Json);

const membersOf = (body: Json): readonly Json[] => (Array.isArray(body) ? (body as Json[]) : [body]);

/** The event of a delivery: of a list, its only one. */
export const eventIn = (delivery: SentDelivery): Json => membersOf(bodyOf(delivery))[0] ?? null;

/** `form_response.token` is Form Response Token: so Zapier's editor shows what has no label. */
const titled = (name: string): string =>
  name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
    .join(' ');

function flattened(value: Json, path: readonly string[] = []): readonly (readonly [string, Json])[] {
  if (!isObject(value)) return [[titled(path.join('_')), value]];
  return Object.entries(value).flatMap(([name, each]) => flattened(each ?? null, [...path, name]));
}

/** The fields that the editor of Zapier offers, by what it calls them. */
export type ZapierFields = ReadonlyMap<string, unknown>;

/** Catch Hook starts the Zap once for each member of a list; here it is the first. */
export function caughtByZapier(trigger: string, delivery: SentDelivery): ZapierFields {
  if (trigger === '_Catch Hook_') return new Map(flattened(eventIn(delivery)));
  if (trigger !== '_Catch Raw Hook_') throw new Error(`Zapier has no trigger ${trigger}.`);
  const named = Object.entries(lowerCase(delivery)).map(([name, value]) => [`http-${name}`, value] as const);
  return new Map<string, unknown>([
    ['Raw Body', delivery.payload],
    ['Headers', Object.fromEntries(named)],
    ...named.map(([name, value]) => [`Headers ${titled(name)}`, value] as const),
  ]);
}

/** Names of fields in italics are picked from the list; what stands between backticks is typed. One field alone keeps its type. */
function fillOnZapier(cell: string, fields: ZapierFields): unknown {
  const parts = [...cell.matchAll(/_([^_]+)_|`([^`]+)`/g)];
  const written = parts.map(([whole]) => whole).join('');
  if (written === '' || written !== cell) throw new Error(`Not only fields and what is typed: ${cell}`);
  const values = parts.map(([, field, typed]) => {
    if (field !== undefined && !fields.has(field)) throw new Error(`Zapier offers no field ${field}.`);
    return field === undefined ? typed : fields.get(field);
  });
  return values.length === 1 ? values[0] : values.map(String).join('');
}

/** What the step Code by Zapier of the guides makes of a raw body. */
export function parsedByZapier(delivery: SentDelivery): unknown {
  const context = { inputData: { body: delivery.payload }, output: undefined, URLSearchParams };
  runInNewContext(blockOf(SETUP, 'From text to fields'), context);
  return context.output;
}

/** The bundles by the numbers of their modules: Custom webhook is the first; behind it Parse JSON, where the guide has one. */
export function caughtByMake(trigger: string, delivery: SentDelivery): Variables {
  if (!trigger.startsWith('_Custom webhook_')) throw new Error(`Make has no trigger ${trigger}.`);
  const body = bodyOf(delivery);
  const headers = Object.entries(lowerCase(delivery)).map(([name, value]) => ({ name, value }));
  const passed = trigger.includes('_JSON pass-through_') ? { value: delivery.payload } : body;
  const first = {
    ...(isObject(passed) ? passed : {}),
    ...(trigger.includes('_Get request headers_') ? { __IMTHEADERS__: headers } : {}),
  };
  if (!trigger.includes('_Parse JSON_')) return { 1: first };
  const text = renderMapped(codeIn(rowOf(SETUP, 'From text to fields', 'the text').make), { 1: first });
  return { 1: first, 2: membersOf(JSON.parse(String(text)) as Json)[0] };
}

const fillOnMake = (cell: string, bundles: Variables): unknown => renderMapped(codeIn(cell), bundles);

/** As the Webhook node hands it on. */
const caughtByN8n = (delivery: SentDelivery): Json => ({
  ...{ headers: lowerCase(delivery), params: {}, query: {} },
  body: bodyOf(delivery),
});

const node = { id: 'n', name: 'Node', type: 'n', typeVersion: 1, position: [0, 0] as [number, number] };
const nodeTypes = {
  getByName: () => ({ description: {} }),
  getByNameAndVersion: () => ({ description: { properties: [] } }),
  getKnownTypes: () => ({}),
} as unknown as INodeTypes;

/** By n8n's own engine of expressions. */
function fillOnN8n(cell: string, item: Json): unknown {
  const workflow = new Workflow({
    nodes: [{ ...node, parameters: {} }],
    connections: {},
    active: false,
    nodeTypes,
  });
  const items = [{ json: item as never }];
  return workflow.expression.getParameterValue(
    `=${codeIn(cell)}`,
    null,
    0,
    0,
    node.name,
    items,
    'manual',
    {},
  );
}

/** A cell of a guide filled from a delivery, on a platform whose trigger the guide's own row names. */
export function filled(
  platform: PlatformName,
  cell: string,
  trigger: string,
  delivery: SentDelivery,
): unknown {
  switch (platform) {
    case 'zapier':
      return fillOnZapier(cell, caughtByZapier(trigger, delivery));
    case 'make':
      return fillOnMake(cell, caughtByMake(trigger, delivery));
    case 'n8n': {
      const splits = trigger.includes('_Split Out_');
      return fillOnN8n(cell, splits ? eventIn(delivery) : caughtByN8n(delivery));
    }
  }
}

/** A cell filled from what a step of the user's own answers: on Make it is module 3. */
export function filledFrom(platform: PlatformName, cell: string, answer: Json): unknown {
  switch (platform) {
    case 'zapier':
      return fillOnZapier(cell, new Map(flattened(answer)));
    case 'make':
      return fillOnMake(cell, { 3: answer });
    case 'n8n':
      return fillOnN8n(cell, answer);
  }
}
