import { triggers, type Trigger } from '@onceonly/shared';
import {
  NodeConnectionTypes,
  type IHookFunctions,
  type INodeType,
  type INodeTypeDescription,
  type IWebhookFunctions,
  type IWebhookResponseData,
} from 'n8n-workflow';
import { receive } from './hook-delivery.ts';
import { propertyOf } from './fields.ts';
import { addHook, hasHook, removeHook } from './hook.ts';

const all: readonly Trigger[] = Object.values(triggers);
const labels = Object.fromEntries(all.map(({ id, label }) => [id, label]));

/** Starts a workflow when something happened to a key: a run died, or a person must decide. */
export class OnceOnlyTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'OnceOnly Trigger',
    name: 'onceOnlyTrigger',
    icon: { light: 'file:../../icons/onceonly.svg', dark: 'file:../../icons/onceonly.dark.svg' },
    group: ['trigger'],
    version: 1,
    subtitle: `={{ ${JSON.stringify(labels)}[$parameter["event"]] }}`,
    // The editor shows it for both nodes of the package, where they are found together.
    description:
      'Stops duplicates: an event that comes twice does its work once. As a trigger, starts when a run died, a key failed or a person must decide',
    defaults: { name: 'OnceOnly Trigger' },
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'onceOnlyApi', required: true }],
    webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' }],
    properties: [
      {
        displayName:
          'Your own OnceOnly server starts this workflow, so it must reach the webhook address of this n8n. The hosted service does not do that.',
        name: 'reach',
        type: 'notice',
        default: '',
      },
      {
        displayName: 'Event',
        name: 'event',
        type: 'options',
        noDataExpression: true,
        options: all.map(({ id, label, description }) => ({ name: label, value: id, description })),
        default: 'runDied',
      },
      ...all.flatMap(({ id, fields }) =>
        fields.map((field) => ({ ...propertyOf(field), displayOptions: { show: { event: [id] } } })),
      ),
    ],
  };

  webhookMethods = {
    default: {
      async checkExists(this: IHookFunctions): Promise<boolean> {
        return await hasHook(this);
      },
      async create(this: IHookFunctions): Promise<boolean> {
        return await addHook(this);
      },
      async delete(this: IHookFunctions): Promise<boolean> {
        return await removeHook(this);
      },
    },
  };

  async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
    return await Promise.resolve(receive(this));
  }
}
