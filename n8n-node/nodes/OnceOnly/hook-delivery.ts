import { isSigned, readHookDelivery, type Trigger, type TriggerOutputs } from '@onceonly/shared';
import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { secretOf, triggerOf } from './hook.ts';

/** What is used of Express, whose types n8n does not bring. */
interface Response {
  status(code: number): { json(body: object): unknown };
}

/** Starts the workflow with the event of a delivery that the hook's server has signed; whatever else comes is answered 401. */
export function receive(node: IWebhookFunctions): IWebhookResponseData {
  const { rawBody } = node.getRequestObject() as { readonly rawBody?: Buffer };
  const body = rawBody?.toString('utf8') ?? '';
  const headers = { ...node.getHeaderData() };
  if (!isSigned({ headers, body }, { secret: secretOf(node), now: Date.now() })) {
    (node.getResponseObject() as unknown as Response)
      .status(401)
      .json({ detail: 'The signature does not match.' });
    return { noWebhookResponse: true };
  }
  const event = eventIn(triggerOf(node), node.getBodyData());
  // Of another kind: heard, and nothing is started.
  if (event === undefined) return { webhookResponse: { ok: true } };
  return { workflowData: [[{ json: event }]] };
}

function eventIn(trigger: Trigger, body: IDataObject): IDataObject | undefined {
  const event: TriggerOutputs | undefined = readHookDelivery(trigger, body);
  return event && { ...event };
}
