import type { INodeExecutionData, IPairedItemData, IRunData, ISourceData } from 'n8n-workflow';
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

/** Walks back along n8n's item links, from the item of that number which came from `source`. */
export function lineageOf(runData: IRunData, source: ISourceData | null, itemIndex: number): Lineage {
  const tokens = new Set<string>();
  const seen = new Set<string>();
  let field: string | undefined;
  let notHeld = false;

  const open: Place[] = source ? [{ source, item: itemIndex, finished: new Set() }] : [];
  for (let place = open.shift(); place !== undefined; place = open.shift()) {
    const name = JSON.stringify([place.source, place.item, ...place.finished]);
    if (seen.has(name)) continue;
    seen.add(name);
    const { run, item } = itemAt(runData, place);
    if (run === undefined || item === undefined) continue;

    let { finished } = place;
    const mark = markOf(item);
    if (mark !== undefined && 'finished' in mark) {
      finished = new Set([...finished, ...mark.finished]);
    } else if (mark?.claim_token === null) {
      notHeld = true;
      continue;
    } else if (mark !== undefined && !finished.has(mark.claim_token)) {
      tokens.add(mark.claim_token);
      ({ field } = mark);
      continue;
    }
    for (const link of linksOf(item)) {
      const next = link.sourceOverwrite ?? run.source[link.input ?? 0];
      if (next) open.push({ source: next, item: link.item, finished });
    }
  }
  return { tokens: [...tokens], notHeld, ...(field !== undefined && { field }) };
}

function itemAt(runData: IRunData, { source, item }: Place) {
  const run = runData[source.previousNode]?.[source.previousNodeRun ?? 0];
  return { run, item: run?.data?.['main']?.[source.previousNodeOutput ?? 0]?.[item] };
}

function linksOf({ pairedItem }: INodeExecutionData): IPairedItemData[] {
  const links = Array.isArray(pairedItem) ? pairedItem : pairedItem === undefined ? [] : [pairedItem];
  return links.map((link) => (typeof link === 'number' ? { item: link } : link));
}
