import { OnceOnlyError } from '@onceonly/shared';
import type { IExecuteFunctions, INodeExecutionData, IRunExecutionData } from 'n8n-workflow';
import { claimsOf, EXECUTE_WORKFLOW_TRIGGER, tokensIn, type Step } from './claims.ts';
import { openLineage, type Lineage } from './lineage.ts';
import { setsLinks } from './links.ts';

/** What a step is to finish for an item. */
export interface Wanted {
  /** A token that was entered, if any. */
  readonly entered: unknown;
  /** Every claim of the execution, in the place of that of the item. */
  readonly whole: boolean;
}

export type TokensOf = (item: INodeExecutionData, itemIndex: number, wanted: Wanted) => Found;

export interface Found {
  readonly tokens: readonly string[];
  /** Steps between that failed, at which n8n went on. */
  readonly failedSteps: readonly string[];
}

/**
 * Finds the claims that a step is to finish for an item: none for a duplicate that was let through. Throws `invalid_input` where
 * it is not certain which, and says how to tell it: it never guesses, since the wrong key would count as done.
 */
export function openTokens(node: IExecuteFunctions): TokensOf {
  const claims = claimsOf(node);
  const { open, made, letThrough } = claims;
  const stillOpen = new Set(open);
  const { runExecutionData } = node as unknown as { runExecutionData?: IRunExecutionData | null };
  const source = node.getExecuteData().source?.['main']?.[0] ?? null;
  const own = node.getNode();
  const before = node.getParentNodes(own.name, { includeNodeParameters: true });
  const steps = new Map<string, Step>([...before, own].map((step) => [step.name, step]));
  const stepOf = (name: string): Step => steps.get(name) ?? { type: '' };
  const lineageOf = openLineage({
    // Should n8n not show it any more, no claim is found, and a sentence asks for the token.
    runData: runExecutionData?.resultData.runData ?? {},
    markOf: (name, run, item) => claims.markOf(name, stepOf(name), run, item),
    setsLinks: (name) => setsLinks(stepOf(name).type, stepOf(name).parameters),
  });
  const startedByWorkflow = before.some(({ type }) => type === EXECUTE_WORKFLOW_TRIGGER);

  return (item, itemIndex, { entered, whole }) => {
    if (whole) {
      if (open.length === 0 && made.length === 0 && !letThrough) throw noClaim(startedByWorkflow);
      return { tokens: open, failedSteps: [] };
    }
    if (typeof entered === 'string' && entered.trim() !== '') {
      return { tokens: [entered.trim()], failedSteps: [] };
    }
    const lineage = lineageOf(source, itemIndex);
    const certain = certainOf(lineage, item, stillOpen);
    if (certain !== undefined) return { tokens: certain, failedSteps: lineage.failed ?? [] };
    if (lineage.blurredBy === undefined) throw noClaim(startedByWorkflow);
    throw notCertain(lineage.blurredBy, { open: open.length, made: made.length });
  };
}

/** Undefined where it is not certain. */
function certainOf(
  { tokens, notHeld, blurredBy }: Lineage,
  { json }: INodeExecutionData,
  open: ReadonlySet<string>,
): readonly string[] | undefined {
  const candidates = tokens.length + Number(notHeld);
  if (candidates > 0 && blurredBy === undefined) return tokens;
  const carried = [...new Set(tokensIn(json))];
  const carriedHere = carried.filter((token) => tokens.includes(token));
  if (carriedHere.length > 0) return carriedHere;
  if (candidates === 0) return carried.length === 1 ? carried : undefined;
  if (notHeld) return undefined;
  const left = tokens.filter((token) => open.has(token));
  return left.length === 1 ? left : undefined;
}

const ask = (detail: string): OnceOnlyError =>
  new OnceOnlyError('invalid_input', { field: 'claim_token', detail });

function noClaim(startedByWorkflow: boolean): OnceOnlyError {
  const why =
    '“Claim Token” is empty, and no “Check & Claim Key” step leads to this item. Put one before this step, or map its Claim Token.';
  const handOver =
    ' To finish what the workflow that started this one has claimed, give this workflow an input claim_token, fill it there with {{ $json.onceonly.claim_token }}, and it is found here.';
  return ask(startedByWorkflow ? why + handOver : why);
}

function notCertain(
  step: string,
  { open, made }: { readonly open: number; readonly made: number },
): OnceOnlyError {
  return ask(
    `“Claim Token” is empty, and it is not certain which claim belongs to this item: several went into “${step}”, and n8n does not know which of them came out where. ` +
      `${openOf(open, made)} Have “${step}” keep the field with the output of “Check & Claim Key” in its items, or map Claim Token; ` +
      'or, in Mark Complete, where the work of all of them is done, choose “All Claims of This Execution”.',
  );
}

export const openOf = (open: number, made: number): string =>
  `${String(open)} of ${String(made)} claims of this execution ${open === 1 ? 'is' : 'are'} still open.`;
