import type { OperationId } from '@onceonly/shared';
import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';
import { claimsOf } from './execution-claims.ts';
import { sayOf, type End } from './end-of-run.ts';
import { isLastRound, loopAround } from './execution.ts';
import { decides, finishes, isFinishing } from './overlay.ts';
import type { ItemOutcome } from './perform.ts';
import { isClaimed, keyOf, openOf, openTokens } from './tokens.ts';

/** So many are spelled out; the rest is counted. */
const MOST = 3;

const RUN_AGAIN: Readonly<Record<string, string>> = {
  completed: 'To run it again, release the key on your OnceOnly server, or use another key.',
  in_progress: 'Should that run die, the next delivery after the end of its claim takes over.',
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
    ...hint('warning', 'Look whether the key is right', [
      ...new Set(outcomes.flatMap(({ settings }) => settings.doubts)),
    ]),
    ...hint('warning', 'Too late', late),
    ...hint('warning', 'Withheld, since nobody checked whether it is a duplicate', withheld),
    ...(id === 'completeKey' ? [...passed(outcomes), ...stillOpen(node), ...handedOver(node, outcomes)] : []),
    ...hint('info', 'Look whether it is the right one', onlyOpen(outcomes)),
    ...(finishes(id) && node.getMode() === 'manual' ? changedByHand(done) : []),
    ...(isFinishing(id) ? stillAtWork(node, done) : []),
  ];
  if (hints.length > 0) node.addExecutionHints(...hints);
}

const NOTHING_CLAIMED = 'A run by hand claims nothing, unless the option Claim in Manual Runs is switched on';
const NOTHING_CHANGED = 'A run by hand';

const isTest = (outcome: ItemOutcome | undefined): boolean =>
  outcome !== undefined && 'preview' in outcome && outcome.preview;

/** What n8n let pass by the branch of success, as "Continue" says: nobody sees of an item that its work was not done. */
function passed(outcomes: readonly ItemOutcome[]): NodeExecutionHint[] {
  const steps = new Set(
    outcomes.flatMap((outcome) => ('failedSteps' in outcome && !isTest(outcome) ? outcome.failedSteps : [])),
  );
  const failed = [...steps].map(
    (step) =>
      `“${step}” failed, and n8n went on as its On Error says. If that was the work, choose “Continue (using error output)” there, and lead that output to Mark Failed.`,
  );
  return hint('warning', 'Marked complete all the same', failed);
}

function stillOpen(node: IExecuteFunctions): NodeExecutionHint[] {
  const open = openOf(claimsOf(node));
  if (open === undefined) return [];
  const loop = loopAround(node);
  const then =
    loop !== undefined && !isLastRound(node, loop)
      ? `The rounds of “${loop}” that are to come may finish theirs.`
      : 'Where no other step finishes them, their keys are free again when their time is over.';
  return hint('info', 'Not all is complete', [`${open} ${then}`]);
}

/** All that this execution has claimed are not those that another one has. */
function handedOver(node: IExecuteFunctions, outcomes: readonly ItemOutcome[]): NodeExecutionHint[] {
  if (!outcomes.some(({ settings }) => settings.finishesExecution)) return [];
  const todo = 'To complete it here, too, map its Claim Token in a Mark Complete of its own.';
  const others = openTokens(node)
    .handedOver()
    .map((token) => `${keyOf(token)}, which the workflow that started this one has claimed. ${todo}`);
  return hint('info', 'Not completed', others);
}

/** Another item of that step may have got here first. */
function onlyOpen(outcomes: readonly ItemOutcome[]): readonly string[] {
  const told = outcomes.flatMap((outcome) => {
    if (!('onlyOpenBehind' in outcome)) return [];
    const { tokens, onlyOpenBehind: step } = outcome;
    return [
      `${tokens.map(keyOf).join()} was taken, the only claim still open: behind “${step}”, n8n does not know which item it belongs to.`,
    ];
  });
  return [...new Set(told)];
}

/** The claim was not made by hand for a test: it was pinned, or taken from a live run. */
function changedByHand(outcomes: readonly ItemOutcome[]): NodeExecutionHint[] {
  const tokens = new Set(claimsIn(outcomes).filter(isClaimed));
  return hint('warning', 'A run by hand has changed what live runs see', [...tokens].map(keyOf));
}

/** n8n runs one branch after the other, and one round of a loop after the other: the first one finishes the claim of all. */
function stillAtWork(node: IExecuteFunctions, outcomes: readonly ItemOutcome[]): NodeExecutionHint[] {
  const steps = openTokens(node).waitingFor(new Set(claimsIn(outcomes)));
  const todo =
    'If that belongs to the work, bring it together before this step: branches in a Merge, items in an Aggregate, rounds behind the output “done” of their loop.';
  const still = [...new Set(steps)].map((step) => `“${step}”`);
  if (still.length === 0) return [];
  return hint('warning', 'Work on the same claim is still to come', [`${still.join(', ')}. ${todo}`]);
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
