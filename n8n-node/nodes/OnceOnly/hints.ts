import type { OperationId } from '@onceonly/shared';
import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';
import { claimsOf } from './execution-claims.ts';
import { sayOf, type End } from './end-of-run.ts';
import { isLastRound, isTrial, loopAround } from './execution.ts';
import { decides, finishes, isFinishing } from './overlay.ts';
import type { ItemOutcome } from './perform.ts';
import { isClaimed, keyOf, openOf, openTokens } from './tokens.ts';

/** So many are spelled out; the rest is counted. */
const MOST = 3;

const RUN_AGAIN: Readonly<Record<string, string>> = {
  completed:
    'To run it again, open the key in the dashboard of your OnceOnly server and click “Run it again”, or use another key.',
  in_progress: 'If that run dies, the next run after its Hold For takes over.',
  duplicate: 'To run it again, use another key.',
};

/** Says in the node's output what did not simply go on: n8n itself would only show fewer items. */
export function addHints(
  node: IExecuteFunctions,
  id: OperationId,
  outcomes: readonly ItemOutcome[],
  ends: readonly End[],
): void {
  const stopped = ends.flatMap((end) => {
    if (end.kind !== 'stops') return [];
    const { status } = end.outputs;
    const again = typeof status === 'string' ? RUN_AGAIN[status] : undefined;
    return [[sayOf(end.outputs), again].filter(Boolean).join(' ')];
  });
  const watched = ends.flatMap((end) =>
    'outputs' in end && end.outputs['would_have_stopped'] === true ? [sayOf(end.outputs)] : [],
  );
  const late = ends.flatMap((end) => (end.kind === 'late' ? [sayOf(end.outputs)] : []));
  const withheld = ends.flatMap((end) => (end.kind === 'fails' && decides(id) ? [end.message] : []));
  const undone = ends.flatMap((end) => (end.kind === 'fails' && !decides(id) ? [end.message] : []));
  const notHeld = ends.flatMap((end) => (end.kind === 'not held' ? [end.message] : []));
  const done = outcomes.filter((_, index) => ends[index]?.kind === 'goes on');
  const tested = ends.flatMap((end, index) =>
    isTest(outcomes[index]) && 'outputs' in end ? [sayOf(end.outputs)] : [],
  );
  const hints: NodeExecutionHint[] = [
    ...hint('info', decides(id) ? NOTHING_CLAIMED : NOTHING_CHANGED, tested),
    ...hint('info', 'Stopped here', stopped),
    ...hint('info', 'Not stopped', watched),
    ...hint('info', 'Went on as it came', [...new Set(notHeld)], notHeld.length),
    ...hint('warning', 'Check whether the key is right', [
      ...new Set(outcomes.flatMap(({ settings }) => settings.doubts)),
    ]),
    ...hint('warning', 'The claim was lost', late),
    ...hint('warning', 'Held back: nobody could check for a duplicate', withheld),
    ...hint('warning', 'Failed, and went on as On Error says', undone),
    ...(id === 'completeKey' ? [...passed(outcomes), ...stillOpen(node), ...handedOver(node, outcomes)] : []),
    ...hint('info', 'Check whether it is the right one', onlyOpen(outcomes)),
    ...(finishes(id) && isTrial(node) ? changedByHand(done) : []),
    ...(isFinishing(id) ? stillAtWork(node, done) : []),
  ];
  if (hints.length > 0) node.addExecutionHints(...hints);
}

const NOTHING_CLAIMED = 'A manual run claims nothing, unless the option Claim in Manual Runs is on';
const NOTHING_CHANGED = 'A manual run';

const isTest = (outcome: ItemOutcome | undefined): boolean =>
  outcome !== undefined && 'preview' in outcome && outcome.preview;

/** What n8n let pass by the branch of success, as "Continue" says: nobody sees of an item that its work was not done. */
function passed(outcomes: readonly ItemOutcome[]): NodeExecutionHint[] {
  const steps = new Set(
    outcomes.flatMap((outcome) => ('failedSteps' in outcome && !isTest(outcome) ? outcome.failedSteps : [])),
  );
  const failed = [...steps].map(
    (step) =>
      `“${step}” failed, and n8n went on as its On Error says. If that was the work, choose “Continue (using error output)” there. Connect that output to Mark Failed.`,
  );
  return hint('warning', 'Marked complete although a step failed', failed);
}

function stillOpen(node: IExecuteFunctions): NodeExecutionHint[] {
  const open = openOf(claimsOf(node));
  if (open === undefined) return [];
  const loop = loopAround(node);
  const then =
    loop !== undefined && !isLastRound(node, loop)
      ? `Later rounds of “${loop}” may finish theirs.`
      : 'If no other step finishes them, their keys are free again after Hold For.';
  return hint('info', 'Not all claims are complete', [`${open} ${then}`]);
}

/** All that this execution has claimed are not those that another one has. */
function handedOver(node: IExecuteFunctions, outcomes: readonly ItemOutcome[]): NodeExecutionHint[] {
  if (!outcomes.some(({ settings }) => settings.finishesExecution)) return [];
  const todo = 'To complete it here too, add another Mark Complete, and map its Claim Token.';
  const others = openTokens(node)
    .handedOver()
    .map((token) => `${keyOf(token)}, which the workflow that started this one claimed. ${todo}`);
  return hint('info', 'Not completed', others);
}

/** Another item of that step may have got here first. */
function onlyOpen(outcomes: readonly ItemOutcome[]): readonly string[] {
  const told = outcomes.flatMap((outcome) => {
    if (!('onlyOpenBehind' in outcome)) return [];
    const { tokens, onlyOpenBehind: step } = outcome;
    return [
      `${tokens.map(keyOf).join()} was taken, as the only claim still open. Behind “${step}”, n8n does not know which item it belongs to.`,
    ];
  });
  return [...new Set(told)];
}

/** The claim was not made by hand for a test: it was pinned, or taken from a live run. */
function changedByHand(outcomes: readonly ItemOutcome[]): NodeExecutionHint[] {
  const tokens = new Set(claimsIn(outcomes).filter(isClaimed));
  return hint('warning', 'This manual run changed what live runs see', [...tokens].map(keyOf));
}

/** n8n runs one branch after the other, and one round of a loop after the other: the first one finishes the claim of all. */
function stillAtWork(node: IExecuteFunctions, outcomes: readonly ItemOutcome[]): NodeExecutionHint[] {
  const steps = openTokens(node).waitingFor(new Set(claimsIn(outcomes)));
  const todo =
    'If that is part of the work, join it before this step. Use Merge for branches, Aggregate for items, and the output “done” for the rounds of a loop.';
  const still = [...new Set(steps)].map((step) => `“${step}”`);
  if (still.length === 0) return [];
  return hint('warning', 'Work for the same claim is still to come', [`${still.join(', ')}. ${todo}`]);
}

const claimsIn = (outcomes: readonly ItemOutcome[]): readonly string[] =>
  outcomes.flatMap((outcome) => ('tokens' in outcome ? outcome.tokens : []));

function hint(
  type: 'info' | 'warning',
  what: string,
  messages: readonly string[],
  of = messages.length,
): NodeExecutionHint[] {
  if (messages.length === 0) return [];
  const rest = of - Math.min(MOST, messages.length);
  const told = [...messages.slice(0, MOST), ...(rest > 0 ? [`And ${rest} more.`] : [])];
  return [{ type, location: 'outputPane', message: `${what}: ${told.join(' ')}` }];
}
