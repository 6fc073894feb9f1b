import { OnceOnlyError } from '@onceonly/shared';
import type { IExecuteFunctions, INodeExecutionData, IRunExecutionData } from 'n8n-workflow';
import { lineageOf, type Lineage } from './lineage.ts';
import { DEFAULT_OUTPUT_FIELD } from './properties.ts';

/**
 * The claims that a step is to finish for an item: the one that was entered, else every nearest claim that leads here.
 * Where just one does, the item's own field counts more than n8n's item links, which a Code node may mix up. None for a
 * duplicate that was let through, since its run holds no claim; throws a sentence where no claim leads here at all.
 */
export function tokensFor(
  node: IExecuteFunctions,
  item: INodeExecutionData,
  itemIndex: number,
  entered: unknown,
): readonly string[] {
  if (typeof entered === 'string' && entered.trim() !== '') return [entered.trim()];
  const { tokens, field, notHeld } = claimsBefore(node, itemIndex);
  if (tokens.length > 1) return tokens;
  const own = tokenIn(item, field ?? DEFAULT_OUTPUT_FIELD);
  if (own !== undefined && !notHeld) return [own];
  if (tokens.length === 1 || notHeld) return tokens;
  const detail =
    '“Claim Token” is empty, and no “Check & Claim Key” step leads to this item. Put one before this step, or map its Claim Token.';
  throw new OnceOnlyError('invalid_input', { field: 'claim_token', detail });
}

/**
 * Expressions would lead back only up to an Aggregate or Merge, where they stop at "multiple matches"; this reads what
 * they read. Should n8n not show it any more, no claim is found, and a sentence asks for the token.
 */
function claimsBefore(node: IExecuteFunctions, itemIndex: number): Lineage {
  const { runExecutionData } = node as unknown as { runExecutionData?: IRunExecutionData | null };
  const source = node.getExecuteData().source?.['main']?.[0] ?? null;
  return lineageOf(runExecutionData?.resultData.runData ?? {}, source, itemIndex);
}

function tokenIn({ json }: INodeExecutionData, field: string): string | undefined {
  const outputs = json[field];
  if (typeof outputs !== 'object' || outputs === null || !('claim_token' in outputs)) return undefined;
  const token = outputs['claim_token'];
  return typeof token === 'string' && token !== '' ? token : undefined;
}
