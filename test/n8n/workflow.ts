/** A node of a workflow, without its place on the canvas. */
export interface Step {
  readonly name: string;
  readonly type: string;
  readonly typeVersion: number;
  readonly parameters: object;
  /** Further settings of n8n's, such as `onError`. */
  readonly [setting: string]: unknown;
}

export interface WorkflowNode {
  readonly type: string;
  readonly parameters: { readonly path?: string };
  /** By their types. */
  readonly credentials?: Readonly<Record<string, { readonly name: string }>>;
}

/** As n8n imports it. */
export interface Workflow {
  readonly id: string;
  readonly name: string;
  readonly nodes: readonly WorkflowNode[];
  readonly connections: Readonly<Record<string, unknown>>;
  readonly settings: object;
  readonly active: boolean;
}

/** From which node, to which; outputs and inputs are counted from 0. */
export interface Connection {
  readonly from: string;
  readonly output?: number;
  readonly to: string;
  readonly input?: number;
  /** `main` if not said; agents are given models and tools by others. */
  readonly type?: string;
}

/** Each step of a chain leads to the next. */
export const inTurn = (steps: readonly Step[]): readonly Connection[] =>
  steps.slice(1).map(({ name }, index) => ({ from: steps[index]?.name ?? '', to: name }));

/** A workflow of steps that follow each other, unless the connections are given. */
export function workflow(
  id: string,
  steps: readonly Step[],
  {
    connections = inTurn(steps),
    settings = {},
    active = true,
  }: { connections?: readonly Connection[]; settings?: object; active?: boolean } = {},
): Workflow {
  return {
    id,
    name: id,
    nodes: steps.map((step, index) => ({
      id: `${id}-${String(index)}`,
      position: [index * 220, 0],
      ...step,
    })),
    connections: connect(connections),
    settings: { executionOrder: 'v1', ...settings },
    active,
  };
}

function connect(connections: readonly Connection[]): Workflow['connections'] {
  const made: Record<string, Record<string, { node: string; type: string; index: number }[][]>> = {};
  for (const { from, output = 0, to, input = 0, type = 'main' } of connections) {
    const outputs = ((made[from] ??= {})[type] ??= []);
    while (outputs.length <= output) outputs.push([]);
    outputs[output]?.push({ node: to, type, index: input });
  }
  return made;
}

/** Answers the sender at once, unless told to wait for the node "Respond". The path is the step's name. */
export const webhook = (path: string, responseMode = 'onReceived'): Step => ({
  name: 'Webhook',
  type: 'n8n-nodes-base.webhook',
  typeVersion: 2.1,
  webhookId: path,
  parameters: { httpMethod: 'POST', path, responseMode, options: {} },
});

export const respond = (body = '={{ $json }}'): Step => ({
  name: 'Respond',
  type: 'n8n-nodes-base.respondToWebhook',
  typeVersion: 1.5,
  parameters: { respondWith: 'json', responseBody: body, options: {} },
});

/** Does the work of an id at the receiver. */
export const work = (url: string, id = '={{ $json.body.id }}', more: Partial<Step> = {}): Step => ({
  name: 'Work',
  type: 'n8n-nodes-base.httpRequest',
  typeVersion: 4.3,
  parameters: {
    method: 'POST',
    url,
    sendBody: true,
    bodyParameters: { parameters: [{ name: 'id', value: id }] },
    options: {},
  },
  ...more,
});
