import type {
  IExecuteFunctions,
  INodeExecutionData,
  IPairedItemData,
  IRunExecutionData,
  ISourceData,
} from 'n8n-workflow';
import { markOf } from './mark.ts';

/** The claims that lead to an item. */
export interface Lineage {
  /** Of every way back, the nearest claim that no step on that way has finished. */
  readonly tokens: readonly string[];
  /** The field in which the last claim of those put its outputs. */
  readonly field?: string;
  /** Whether a way led to a duplicate that was let through: its run holds no claim. */
  readonly notHeld: boolean;
}

interface Place {
  readonly source: ISourceData;
  readonly item: number;
  readonly finished: ReadonlySet<string>;
}

/**
 * Walks back from an item along n8n's item links. Expressions could do it only up to an Aggregate or Merge, where they
 * stop at "multiple matches"; this reads what they read. Where n8n does not show it, no claim is found, and a sentence
 * asks for the token.
 */
export function lineageOf(node: IExecuteFunctions, itemIndex: number): Lineage {
  const { runExecutionData } = node as unknown as { runExecutionData?: IRunExecutionData | null };
  const runData = runExecutionData?.resultData.runData ?? {};
  const tokens = new Set<string>();
  const seen = new Set<string>();
  let field: string | undefined;
  let notHeld = false;

  const start = node.getExecuteData().source?.['main']?.[0];
  const open: Place[] = start ? [{ source: start, item: itemIndex, finished: new Set() }] : [];
  for (let place = open.shift(); place !== undefined; place = open.shift()) {
    const { source, item: index } = place;
    const run = runData[source.previousNode]?.[source.previousNodeRun ?? 0];
    const item = run?.data?.['main']?.[source.previousNodeOutput ?? 0]?.[index];
    if (run === undefined || item === undefined) continue;

    const mark = markOf(item);
    let { finished } = place;
    if (mark !== undefined && 'finished' in mark) finished = new Set([...finished, ...mark.finished]);
    if (mark !== undefined && 'claim_token' in mark) {
      const { claim_token: token } = mark;
      if (token === null) {
        notHeld = true;
        continue;
      }
      if (!finished.has(token)) {
        tokens.add(token);
        field = mark.field;
        continue;
      }
    }
    for (const link of linksOf(item)) {
      const next = link.sourceOverwrite ?? run.source[link.input ?? 0];
      if (!next) continue;
      const name = JSON.stringify([next, link.item, ...finished]);
      if (seen.has(name)) continue;
      seen.add(name);
      open.push({ source: next, item: link.item, finished });
    }
  }
  return { tokens: [...tokens], notHeld, ...(field !== undefined && { field }) };
}

function linksOf({ pairedItem }: INodeExecutionData): IPairedItemData[] {
  const links = Array.isArray(pairedItem) ? pairedItem : pairedItem === undefined ? [] : [pairedItem];
  return links.map((link) => (typeof link === 'number' ? { item: link } : link));
}
