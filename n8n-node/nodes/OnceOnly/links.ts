import type { INodeExecutionData, INodeParameters, IPairedItemData } from 'n8n-workflow';

/** The items that an item was made of, as n8n has it. Where a step did not say so, n8n has made it up: see `setsLinks`. */
export function linksOf({ pairedItem }: INodeExecutionData): readonly IPairedItemData[] {
  const links = Array.isArray(pairedItem) ? pairedItem : pairedItem === undefined ? [] : [pairedItem];
  return links.map((link) => (typeof link === 'number' ? { item: link } : link));
}

const always = (): boolean => true;

/** Steps whose links are true, each tried by `test/n8n/between.suite.ts`; for some it depends on what is chosen there. */
const SETS_LINKS: Readonly<Record<string, (parameters: INodeParameters) => boolean>> = {
  'n8n-nodes-onceonly.onceOnly': always,
  'CUSTOM.onceOnly': always,
  'n8n-nodes-base.aggregate': always,
  'n8n-nodes-base.dateTime': always,
  'n8n-nodes-base.emailSend': always,
  'n8n-nodes-base.filter': always,
  'n8n-nodes-base.httpRequest': always,
  'n8n-nodes-base.if': always,
  'n8n-nodes-base.limit': always,
  // A query may group its rows; it links each to one of them.
  'n8n-nodes-base.merge': ({ mode }) => mode !== 'combineBySql',
  'n8n-nodes-base.noOp': always,
  // With that option it counts the items that are left, not those that came.
  'n8n-nodes-base.removeDuplicates': ({ options }) =>
    (options as INodeParameters | undefined)?.['removeOtherFields'] !== true,
  'n8n-nodes-base.renameKeys': always,
  'n8n-nodes-base.respondToWebhook': always,
  'n8n-nodes-base.set': always,
  'n8n-nodes-base.sort': always,
  'n8n-nodes-base.splitInBatches': always,
  'n8n-nodes-base.splitOut': always,
  'n8n-nodes-base.summarize': always,
  'n8n-nodes-base.switch': always,
  // Resumed by a webhook or a form, it goes on with one item, whatever came.
  'n8n-nodes-base.wait': ({ resume = 'timeInterval' }) =>
    resume === 'timeInterval' || resume === 'specificTime',
  '@n8n/n8n-nodes-langchain.agent': always,
};

/**
 * Whether the items of such a step are linked to those that they were made of. Of any other, Code above all, n8n makes the
 * links up where the step gives none: by number where as many came out as went in, else to the first.
 */
export const setsLinks = (type: string, parameters: INodeParameters = {}): boolean =>
  SETS_LINKS[type]?.(parameters) ?? false;
