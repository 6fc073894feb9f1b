import type { INodeExecutionData, IRunData, ISourceData, ITaskData } from 'n8n-workflow';
import { keyIn, saysNotHeld, tokensIn, type Mark } from './execution-claims.ts';
import { linksOf } from './links.ts';

/** The claims that lead to an item. */
export interface Lineage {
  /** Of every way back, the nearest claim that no step on that way has finished. */
  readonly tokens: readonly string[];
  /** Whether a way led to a duplicate that was let through: its run holds no claim. */
  readonly notHeld: boolean;
  /** What an item on the way came with: several tokens, of which nothing tells the one that is meant. */
  readonly oneOf?: readonly string[];
  /** The step behind which nobody can tell which of several claims the item has. Without one, it has all of them. */
  readonly blurredBy?: string;
  /** Steps on the way that failed, and let pass all the same what they were given, as their On Error says. */
  readonly failed?: readonly string[];
}

/** What is known of the steps that ran before. */
export interface Trail {
  readonly runData: IRunData;
  markOf(name: string, run: number, item: INodeExecutionData): Mark | undefined;
  /** Whether what n8n says of which items a step made its items of is true. */
  setsLinks(name: string): boolean;
}

interface Place {
  readonly source: ISourceData;
  readonly item: number;
  readonly finished: ReadonlySet<string>;
}

/**
 * Walks back along n8n's item links, from the item of that number which came from `source`. At a step whose links cannot
 * be believed, whatever went into that run of it may be in each item that came out.
 */
export function openLineage(trail: Trail): (source: ISourceData | null, item: number) => Lineage {
  const known = new Map<string, Lineage>();
  const sharers = new Map<readonly INodeExecutionData[], ReadonlyMap<string, number>>();

  function behind(places: readonly Place[]): Lineage {
    const tokens = new Set<string>();
    const seen = new Set<string>();
    const parts: Lineage[] = [];
    const failed = new Set<string>();
    const oneOf = new Set<string>();
    let notHeld = false;

    const open = [...places];
    for (let place = open.shift(); place !== undefined; place = open.shift()) {
      const placeName = nameOf(place);
      if (seen.has(placeName)) continue;
      seen.add(placeName);
      const { previousNode: name, previousNodeRun = 0 } = place.source;
      const { run, items } = outputAt(trail.runData, place.source);
      const item = items[place.item];
      if (run === undefined || item === undefined) continue;
      const isErrorOutput = (place.source.previousNodeOutput ?? 0) !== 0;
      if (!isErrorOutput && (run.error !== undefined || saysFailed(item))) failed.add(name);

      let { finished } = place;
      const mark = trail.markOf(name, previousNodeRun, item);
      if (mark !== undefined && 'one_of' in mark) {
        const left = mark.one_of.filter((token) => !isIn(finished, token));
        for (const token of left) (left.length === 1 ? tokens : oneOf).add(token);
        continue;
      }
      if (mark !== undefined && 'finished' in mark) {
        // With all that was claimed before it.
        if (mark.whole === true) continue;
        finished = new Set([...finished, ...mark.finished]);
      } else if (mark?.claim_token === null) {
        notHeld = true;
        continue;
      } else if (mark !== undefined && !isIn(finished, mark.claim_token)) {
        tokens.add(mark.claim_token);
        continue;
      }

      // What an item says of itself counts where the links do not tell.
      const orCarried = (part: Lineage): void => {
        const carried = tokensIn(item.json).filter((token) => part.tokens.includes(token));
        for (const token of carried) tokens.add(token);
        if (carried.length > 0) return;
        if (part.notHeld && saysNotHeld(item.json)) notHeld = true;
        else parts.push(part);
      };
      const links = trail.setsLinks(name) ? linksOf(item) : [];
      if (links.length === 0) {
        orCarried(blurred([name, run.source, ...finished], () => inputOf(run, finished)));
      }
      for (const link of links) {
        const next = link.sourceOverwrite ?? run.source[link.input ?? 0];
        if (!next) continue;
        const from: Place = { source: next, item: link.item, finished };
        // Of one item of several claims that became several items, each may have any of them.
        if ((sharersOf(run, items).get(linkName(next, link.item)) ?? 0) > 1) {
          orCarried(blurred([name, nameOf(from)], () => [from]));
        } else open.push(from);
      }
    }
    const [only] = parts;
    const isAll = tokens.size === 0 && !notHeld && failed.size === 0 && oneOf.size === 0;
    if (only !== undefined && parts.length === 1 && isAll) return only;
    for (const name of parts.flatMap((part) => part.failed ?? [])) failed.add(name);
    for (const token of parts.flatMap((part) => part.oneOf ?? [])) oneOf.add(token);
    const blurredBy = parts.find((part) => part.blurredBy !== undefined)?.blurredBy;
    return {
      tokens: [...new Set([...tokens, ...parts.flatMap((part) => part.tokens)])],
      notHeld: notHeld || parts.some((part) => part.notHeld),
      ...(blurredBy !== undefined && { blurredBy }),
      ...(oneOf.size > 0 && { oneOf: [...oneOf] }),
      ...(failed.size > 0 && { failed: [...failed] }),
    };
  }

  /** What leads to any of these places, behind a step that does not tell which. Found once: many items may ask for it. */
  function blurred(which: readonly [step: string, ...unknown[]], places: () => readonly Place[]): Lineage {
    const name = JSON.stringify(which);
    let lineage = known.get(name);
    if (lineage === undefined) {
      const [step] = which;
      const found = behind(places());
      const isOne = found.tokens.length + Number(found.notHeld) < 2;
      lineage = isOne || found.blurredBy !== undefined ? found : { ...found, blurredBy: step };
      known.set(name, lineage);
    }
    return lineage;
  }

  /** How many items of an output were made of the same item. */
  function sharersOf(run: ITaskData, items: readonly INodeExecutionData[]): ReadonlyMap<string, number> {
    const counted = sharers.get(items);
    if (counted !== undefined) return counted;
    const counts = new Map<string, number>();
    for (const link of items.flatMap(linksOf)) {
      const next = link.sourceOverwrite ?? run.source[link.input ?? 0];
      if (next) counts.set(linkName(next, link.item), (counts.get(linkName(next, link.item)) ?? 0) + 1);
    }
    sharers.set(items, counts);
    return counts;
  }

  /** Every item that a run of a step was given. */
  const inputOf = ({ source }: ITaskData, finished: ReadonlySet<string>): Place[] =>
    source.flatMap((from) =>
      from === null
        ? []
        : [...outputAt(trail.runData, from).items.keys()].map((item) => ({ source: from, item, finished })),
    );

  return (source, item) => behind(source ? [{ source, item, finished: new Set() }] : []);
}

function outputAt(
  runData: IRunData,
  { previousNode, previousNodeRun = 0, previousNodeOutput = 0 }: ISourceData,
) {
  const run = runData[previousNode]?.[previousNodeRun];
  return { run, items: run?.data?.['main']?.[previousNodeOutput] ?? [] };
}

/** What a step has finished is known by its token, or by its key where n8n has not kept more. */
const isIn = (finished: ReadonlySet<string>, token: string): boolean =>
  finished.has(token) || keyIn(token).some((key) => finished.has(key));

const linkName = (source: ISourceData, item: number): string => JSON.stringify([source, item]);
const nameOf = ({ source, item, finished }: Place): string => JSON.stringify([source, item, ...finished]);

/** Under “Continue”, the HTTP Request and Code nodes put an item with nothing but the error in the place of one that failed. */
function saysFailed({ json, error }: INodeExecutionData): boolean {
  const [name, ...others] = Object.keys(json);
  return error !== undefined || (name === 'error' && others.length === 0);
}
