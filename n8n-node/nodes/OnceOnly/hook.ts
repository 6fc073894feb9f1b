import { triggers, type Trigger, type TriggerId } from '@onceonly/shared';
import { NodeOperationError, type IHookFunctions, type IWebhookFunctions } from 'n8n-workflow';
import { openHooks } from './open-client.ts';

/** What n8n keeps of the hook while the workflow is active. */
interface Kept {
  hookId?: string;
  secret?: string;
}

const keptBy = (node: IHookFunctions | IWebhookFunctions): Kept => node.getWorkflowStaticData('node');

export const secretOf = (node: IWebhookFunctions): string => keptBy(node).secret ?? '';

export const triggerOf = (node: IHookFunctions | IWebhookFunctions): Trigger =>
  triggers[node.getNodeParameter('event') as TriggerId];

export const hasHook = (node: IHookFunctions): Promise<boolean> =>
  watched(node, async () => {
    const { hookId, secret } = keptBy(node);
    if (hookId === undefined || secret === undefined) return false;
    return (await openHooks(node)).isSubscribed(hookId, urlOf(node));
  });

export const addHook = (node: IHookFunctions): Promise<boolean> =>
  watched(node, async () => {
    const given = { job: node.getNodeParameter('job', '') };
    const { id, secret } = await (await openHooks(node)).subscribe(triggerOf(node), urlOf(node), given);
    Object.assign(keptBy(node), { hookId: id, secret });
    return true;
  });

export const removeHook = (node: IHookFunctions): Promise<boolean> =>
  watched(node, async () => {
    const kept = keptBy(node);
    if (kept.hookId !== undefined) await (await openHooks(node)).unsubscribe(kept.hookId);
    delete kept.hookId;
    delete kept.secret;
    return true;
  });

const urlOf = (node: IHookFunctions): string => node.getNodeWebhookUrl('default') ?? '';

/** A person turns the workflow on or off just now: a fault is a sentence. */
async function watched(node: IHookFunctions, act: () => Promise<boolean>): Promise<boolean> {
  try {
    return await act();
  } catch (error) {
    throw new NodeOperationError(node.getNode(), error instanceof Error ? error.message : String(error));
  }
}
