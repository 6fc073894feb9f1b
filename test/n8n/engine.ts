import { createRequire } from 'node:module';
import { ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import {
  ICredentialsHelper,
  Workflow as EngineWorkflow,
  type IAuthenticateGeneric,
  type IDataObject,
  type IWorkflowDataProxyAdditionalKeys,
  type ICredentialType,
  type IExecuteFunctions,
  type IHttpRequestOptions,
  type INode,
  type INodeProperties,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
  type IRun,
  type IWorkflowExecuteAdditionalData,
  type WorkflowExecuteMode,
} from 'n8n-workflow';
import type { Connection } from '../platforms/platform.ts';
import type { Workflow } from './workflow.ts';

const requireBuilt = createRequire(import.meta.url);
const { OnceOnly } = requireBuilt('../../n8n-node/dist/nodes/OnceOnly/OnceOnly.node.js') as {
  OnceOnly: new () => INodeType;
};
const { OnceOnlyApi } = requireBuilt('../../n8n-node/dist/credentials/OnceOnlyApi.credentials.js') as {
  OnceOnlyApi: new () => ICredentialType & { authenticate: IAuthenticateGeneric };
};

/**
 * n8n's own engine, `n8n-core`, with our built node in it, in this process: what runs a workflow's nodes, evaluates expressions
 * and sends requests in a real n8n. There is no database and no editor, and of n8n's other nodes only stand-ins.
 */
export interface Engine {
  /** Runs a workflow from its first node, which gives these items. */
  run(
    workflow: Workflow,
    items: readonly object[],
    mode?: WorkflowExecuteMode,
    /** Of the workflow that started this one, and so on. */
    rootExecutionMode?: WorkflowExecuteMode,
  ): Promise<IRun>;
}

const described = (
  name: string,
  group: 'trigger' | 'transform',
  properties: INodeProperties[] = [],
): INodeTypeDescription => ({
  ...{ displayName: name, name, description: name, version: [1, 2.1, 4.3], defaults: { name } },
  ...{ group: [group], inputs: group === 'trigger' ? [] : ['main'], outputs: ['main'], properties },
});

/** Gives what the run was started with. */
const webhook: INodeType = { description: described('webhook', 'trigger') };

const text = (name: string) => ({ displayName: name, name, type: 'string', default: '' }) as const;

/** Sends the `id` of each item to the URL, as n8n's HTTP Request does. */
const httpRequest: INodeType = {
  description: described('httpRequest', 'transform', [
    text('url'),
    {
      ...{ ...text('bodyParameters'), type: 'fixedCollection', default: {} },
      typeOptions: { multipleValues: true },
      options: [{ displayName: '', name: 'parameters', values: [text('name'), text('value')] }],
    },
  ]),
  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    const done: INodeExecutionData[] = [];
    for (const item of this.getInputData().keys()) {
      const [parameter] = this.getNodeParameter('bodyParameters.parameters', item) as { value: string }[];
      const url = this.getNodeParameter('url', item) as string;
      const request = { method: 'POST', url, body: { id: parameter?.value }, json: true } as const;
      const json = (await this.helpers.httpRequest(request)) as IDataObject;
      done.push({ json, pairedItem: { item } });
    }
    return [done];
  },
};

/** Makes new items of the fields that it keeps, the last one first, without links, as snippets do. */
const code: INodeType = {
  description: described('code', 'transform', [text('keeps')]),
  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    const kept = (this.getNodeParameter('keeps', 0) as string).split(',');
    const made = this.getInputData().map(({ json }) => ({
      json: Object.fromEntries(Object.entries(json).filter(([name]) => kept.includes(name))),
    }));
    return Promise.resolve([made.toReversed()]);
  },
};

const TYPES: Readonly<Record<string, INodeType>> = {
  'n8n-nodes-base.webhook': webhook,
  'n8n-nodes-base.executeWorkflowTrigger': { description: described('executeWorkflowTrigger', 'trigger') },
  'n8n-nodes-base.code': code,
  'n8n-nodes-base.httpRequest': httpRequest,
  'n8n-nodes-onceonly.onceOnly': new OnceOnly(),
};

function typeOf(name: string): INodeType {
  const type = TYPES[name];
  if (type === undefined) throw new Error(`The engine has no node ${name}.`);
  return type;
}

const nodeTypes = { getByName: typeOf, getByNameAndVersion: typeOf, getKnownTypes: () => ({}) };

/** One account, which is authenticated as its credential type says. */
class Accounts extends ICredentialsHelper {
  readonly #data: { apiKey: string; baseUrl: string };

  constructor({ apiKey, baseUrl }: Connection) {
    super();
    this.#data = { apiKey, baseUrl };
  }

  override isCredentialUsableByNode = () => true;
  override getParentTypes = () => [];
  override getCredentialsProperties = () => new OnceOnlyApi().properties;
  override getDecrypted = () => Promise.resolve({ ...this.#data });
  override preAuthentication = () => Promise.resolve(undefined);
  override runPreAuthentication = () => Promise.resolve(undefined);
  override getCredentials = () => Promise.reject(new Error('Nobody asks for what is stored.'));
  override updateCredentials = () => Promise.resolve();
  override updateCredentialsOauthTokenData = () => Promise.resolve();

  override authenticate(
    credentials: object,
    _type: string,
    request: IHttpRequestOptions,
    workflow: EngineWorkflow,
    node: INode,
  ): Promise<IHttpRequestOptions> {
    const { headers = {} } = new OnceOnlyApi().authenticate.properties;
    const keys = { $credentials: credentials } as IWorkflowDataProxyAdditionalKeys;
    const evaluated: IDataObject = { ...request.headers };
    for (const [name, value] of Object.entries(headers)) {
      if (typeof value !== 'string') throw new Error(`The header ${name} is no text.`);
      evaluated[name] = workflow.expression.getSimpleParameterValue(node, value, 'internal', keys);
    }
    return Promise.resolve({ ...request, headers: evaluated });
  }
}

export function openEngine(connection: Connection): Engine {
  const credentialsHelper = new Accounts(connection);
  let executions = 0;

  return {
    run: async ({ id, name, nodes, connections, settings }, items, mode = 'webhook', rootExecutionMode) => {
      const workflow = new EngineWorkflow({
        ...{ id, name, settings, nodeTypes, active: true },
        nodes: nodes as unknown as INode[],
        connections: connections as never,
      });
      const [startNode] = Object.values(workflow.nodes);
      if (startNode === undefined) throw new Error('A workflow has nodes.');
      const executionId = String((executions += 1));
      const kept = {
        id,
        name,
        nodes: [],
        connections: {},
        active: true,
        createdAt: new Date(),
        updatedAt: new Date(),
      };
      const additional = {
        credentialsHelper,
        executionId,
        rootExecutionMode,
        hooks: new ExecutionLifecycleHooks(mode, executionId, kept as never),
        variables: {},
        setExecutionStatus: () => undefined,
        ...{ restApiUrl: 'http://127.0.0.1/rest', instanceBaseUrl: 'http://127.0.0.1/' },
        ...{ webhookBaseUrl: 'http://127.0.0.1/webhook', webhookWaitingBaseUrl: 'http://127.0.0.1/waiting' },
        ...{ webhookTestBaseUrl: 'http://127.0.0.1/test', formWaitingBaseUrl: 'http://127.0.0.1/form' },
      } as unknown as IWorkflowExecuteAdditionalData;
      const pinData = { [startNode.name]: items.map((json) => ({ json }) as INodeExecutionData) };
      return new WorkflowExecute(additional, mode).run({ workflow, startNode, pinData });
    },
  };
}
