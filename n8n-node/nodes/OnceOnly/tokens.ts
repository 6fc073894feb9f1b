import { namedKey, OnceOnlyError, readToken } from '@onceonly/shared';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { claimsOf, EXECUTE_WORKFLOW_TRIGGER, tokensIn, type Step } from './execution-claims.ts';
import { runDataOf, waitingIn } from './execution.ts';
import { openLineage, type Lineage } from './lineage.ts';
import { setsLinks } from './links.ts';

/** What a step is to finish for an item. */
export interface Wanted {
  /** A token that was entered, if any. */
  readonly entered: unknown;
  /** Every claim of the execution, in the place of that of the item. */
  readonly whole: boolean;
}

export interface Tokens {
  /**
   * The claims that a step is to finish for an item. Throws `invalid_input` where it is not certain which, and says how to
   * tell it: it never guesses, since the wrong key would count as done.
   */
  of(item: INodeExecutionData, itemIndex: number, wanted: Wanted): Found;
  /** Steps that are still to run for one of these claims, in other branches or rounds. */
  waitingFor(tokens: ReadonlySet<string>): readonly string[];
  /** Claims of the workflow that started this one, which came with its items. */
  handedOver(): readonly string[];
  /** Claims that were finished before by this very execution. */
  readonly finished: ReadonlySet<string>;
}

export type Found = {
  /** Steps between that failed, at which n8n went on. */
  readonly failedSteps: readonly string[];
  /** The step behind which nothing tells the claim of an item, where it was taken for being the only one still open. */
  readonly onlyOpenBehind?: string;
} & ({ readonly tokens: readonly string[] } | { readonly nothing: Nothing });

/** Why there is nothing to finish: a duplicate was let through, whose run holds no claim; or all is finished already. */
export type Nothing = 'duplicate' | 'finished';

export function openTokens(node: IExecuteFunctions): Tokens {
  const claims = claimsOf(node);
  const { open, made, letThrough } = claims;
  const stillOpen = new Set(open);
  const source = node.getExecuteData().source?.['main']?.[0] ?? null;
  const own = node.getNode();
  const before = node.getParentNodes(own.name, { includeNodeParameters: true });
  const steps = new Map<string, Step>([...before, own].map((step) => [step.name, step]));
  const stepOf = (name: string): Step => steps.get(name) ?? { type: '' };
  const lineageOf = openLineage({
    // Should n8n not show it any more, no claim is found, and a sentence asks for the token.
    runData: runDataOf(node),
    markOf: (name, run, item) => claims.markOf(name, stepOf(name), run, item),
    setsLinks: (name) => setsLinks(stepOf(name).type, stepOf(name).parameters),
  });
  const given = (type: (step: string) => boolean) =>
    before
      .filter((step) => type(step.type))
      .flatMap((step) =>
        (runDataOf(node)[step.name] ?? []).flatMap((run, nth) =>
          (run.data?.['main'] ?? []).flatMap((items) => (items ?? []).map((item) => ({ step, nth, item }))),
        ),
      );
  /** Those that n8n has not kept, as in a run of a part: they stand in what the steps gave. */
  const inItems = (): readonly string[] => {
    const marks = given((type) => type !== EXECUTE_WORKFLOW_TRIGGER).map(({ step, nth, item }) =>
      claims.markOf(step.name, step, nth, item),
    );
    return [
      ...new Set(marks.flatMap((mark) => (mark && 'claim_token' in mark ? (mark.claim_token ?? []) : []))),
    ];
  };
  let all: readonly string[] | undefined;
  const startedByWorkflow = before.some(({ type }) => type === EXECUTE_WORKFLOW_TRIGGER);

  return {
    of: (item, itemIndex, { entered, whole }) => {
      if (typeof entered === 'string' && entered.trim() !== '' && !whole) {
        return { tokens: [entered.trim()], failedSteps: [] };
      }
      const lineage = lineageOf(source, itemIndex);
      const failedSteps = lineage.failed ?? [];
      if (whole) {
        if (open.length > 0) return { tokens: open, failedSteps };
        if (made.length > 0) return { nothing: 'finished', failedSteps };
        if (letThrough) return { nothing: 'duplicate', failedSteps };
        all ??= inItems();
        if (all.length > 0) return { tokens: all, failedSteps };
        throw lineage.tokens.length + (lineage.oneOf ?? tokensIn(item.json)).length > 0
          ? ofAnother()
          : noClaim(startedByWorkflow);
      }
      const certain = certainOf(lineage, item);
      if (certain !== undefined) {
        return certain.length === 0
          ? { nothing: 'duplicate', failedSteps }
          : { tokens: certain, failedSteps };
      }
      const left = onlyOpen(lineage, stillOpen);
      if (left !== undefined) {
        const { blurredBy } = lineage;
        return { tokens: left, failedSteps, ...(blurredBy !== undefined && { onlyOpenBehind: blurredBy }) };
      }
      const carried = lineage.oneOf ?? [...new Set(tokensIn(item.json))];
      if (carried.length > 1 && lineage.blurredBy === undefined) throw cameWith(carried);
      if (lineage.blurredBy === undefined) throw noClaim(startedByWorkflow);
      throw notCertain(lineage.blurredBy, { open, made });
    },
    waitingFor: (tokens) =>
      waitingIn(node)
        .filter(({ items }) =>
          items.some((each) => lineageOf(each.source, each.item).tokens.some((token) => tokens.has(token))),
        )
        .map(({ step }) => step),
    handedOver: () => {
      const came = given((type) => type === EXECUTE_WORKFLOW_TRIGGER).flatMap(({ item }) =>
        tokensIn(item.json),
      );
      return [...new Set(came)].filter((token) => !made.includes(token));
    },
    finished: new Set(made.filter((token) => !stillOpen.has(token))),
  };
}

/** Undefined where it is not certain. */
function certainOf(
  { tokens, notHeld, blurredBy, oneOf = [] }: Lineage,
  { json }: INodeExecutionData,
): readonly string[] | undefined {
  const candidates = tokens.length + Number(notHeld);
  const carried = [...new Set(tokensIn(json))];
  // What it came with is its own, where a step between has left one of them.
  if (oneOf.length > 0) {
    return candidates === 0 && carried.length === 1 && oneOf.includes(carried[0] ?? '') ? carried : undefined;
  }
  if (candidates > 0 && blurredBy === undefined) return tokens;
  const carriedHere = carried.filter((token) => tokens.includes(token));
  if (carriedHere.length > 0) return carriedHere;
  return candidates === 0 && carried.length === 1 ? carried : undefined;
}

function onlyOpen(
  { tokens, notHeld, oneOf }: Lineage,
  open: ReadonlySet<string>,
): readonly string[] | undefined {
  const left = tokens.filter((token) => open.has(token));
  return left.length === 1 && !notHeld && oneOf === undefined ? left : undefined;
}

const ask = (detail: string): OnceOnlyError =>
  new OnceOnlyError('invalid_input', { field: 'claim_token', detail });

function noClaim(startedByWorkflow: boolean): OnceOnlyError {
  const why =
    '“Claim Token” is empty, and no “Check & Claim Key” step leads to this item. Put one before this step, or map its Claim Token.';
  const handOver =
    ' To finish a claim of the workflow that started this one, give this workflow an input named claim_token. Fill it there with {{ $json.onceonly.claim_token }}.';
  return ask(startedByWorkflow ? why + handOver : why);
}

const ofAnother = (): OnceOnlyError =>
  new OnceOnlyError('invalid_input', {
    field: 'complete_what',
    detail:
      'This execution has claimed nothing itself. The claim of this item is one of the workflow that started this one. Set “Complete What” to “The Claim of This Item”.',
  });

const cameWith = (tokens: readonly string[]): OnceOnlyError =>
  ask(
    `“Claim Token” is empty, and this item came with ${tokens.length} claims: ${tokens.map(keyOf).join(' and ')}. Map the Claim Token of the one that you mean.`,
  );

function notCertain(step: string, { open, made }: Claimed): OnceOnlyError {
  return ask(
    [
      `“Claim Token” is empty, and several claims went into “${step}”. n8n does not know which one belongs to this item.`,
      openOf({ open, made }),
      `Let “${step}” keep the field with the output of “Check & Claim Key”, or map Claim Token. ` +
        'If the work of all claims is done, choose “All Claims of This Execution” in Mark Complete.',
    ]
      .filter((part) => part !== undefined)
      .join(' '),
  );
}

interface Claimed {
  readonly open: readonly string[];
  readonly made: readonly string[];
}

/** How many claims are open still; undefined where none is. What a run by hand did not claim does not count. */
export function openOf({ open, made }: Claimed): string | undefined {
  const [left, all] = [open, made].map((tokens) => tokens.filter(isClaimed).length);
  if (!left) return undefined;
  return `${String(left)} of ${String(all)} claims of this execution ${left === 1 ? 'is' : 'are'} still open.`;
}

/** Whether it is neither of a test by hand nor of a run that would have been stopped: those claimed nothing. */
export const isClaimed = (token: string): boolean => !['test', 'watched'].includes(readToken(token).kind);

/** The key of a claim, as a sentence names it. */
export function keyOf(token: string): string {
  const read = readToken(token);
  return 'key' in read ? namedKey(read.key, Date.now()) : 'a claim';
}
