import type { INodeExecutionData } from 'n8n-workflow';

/**
 * What an item carries beside its json of what was done for it: a claim's token (null where the run does not hold the key),
 * or the tokens that a step finished. Steps downstream find their claim by it, whatever users do to the json.
 */
export type Mark =
  { readonly claim_token: string | null; readonly field: string } | { readonly finished: readonly string[] };

const MEMBER = 'onceonly';

export const marked = (mark: Mark | undefined): Partial<INodeExecutionData> =>
  mark === undefined ? {} : { [MEMBER]: { ...mark } };

export function markOf(item: INodeExecutionData): Mark | undefined {
  const mark = item[MEMBER];
  return typeof mark === 'object' ? (mark as unknown as Mark) : undefined;
}
