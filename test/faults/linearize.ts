import type { Operation } from './history.ts';
import { follow, UNCLAIMED, type Life } from './life.ts';

/**
 * Whether what was seen of one key has an order that explains it: every answered operation once, between its start and
 * its end, every unanswered one once after its start or not at all, and each answer true where it stands (Wing and
 * Gong's search, with the memory that Lowe added). Answers how far the best order comes, if none explains all.
 */
export function explain(operations: readonly Operation[]): Explanation {
  const answered = operations.filter(({ answer }) => answer !== null).sort(byStart);
  const unanswered = operations.filter(({ answer }) => answer === null).sort(byStart);
  const seen = new Set<string>();
  let best = 0;

  /** `from`: all answered ones before it have their place; `ahead`: those after it that have, too. */
  function search(life: Life, from: number, ahead: ReadonlySet<number>, spent: ReadonlySet<number>): boolean {
    let next = from;
    while (ahead.has(next)) next += 1;
    if (next >= answered.length) return true;
    const rest = new Set([...ahead].filter((index) => index > next));
    best = Math.max(best, next + rest.size);
    const id = JSON.stringify([next, [...rest].sort(byNumber), [...spent].sort(byNumber), life]);
    if (seen.has(id)) return false;
    seen.add(id);

    const until = earliestEnd(answered, next, rest);
    for (let index = next; index < answered.length; index += 1) {
      const operation = answered[index];
      if (operation === undefined || operation.startedAt > until) break;
      if (rest.has(index)) continue;
      const after = follow(life, operation, until);
      if (after === undefined) continue;
      const done =
        index === next
          ? search(after, next + 1, rest, spent)
          : search(after, next, new Set(rest).add(index), spent);
      if (done) return true;
    }
    let claimTried = false;
    for (const [index, operation] of unanswered.entries()) {
      if (operation.startedAt > until) break;
      if (spent.has(index)) continue;
      const isClaim = operation.call.do === 'claim';
      // Of claims the first does as well as any: whatever a later one explains, it explains.
      if (isClaim && claimTried) continue;
      claimTried ||= isClaim;
      const after = follow(life, operation, until);
      if (after !== undefined && search(after, next, rest, new Set(spent).add(index))) return true;
    }
    return false;
  }

  return search(UNCLAIMED, 0, new Set(), new Set())
    ? { explained: true }
    : { explained: false, near: answered.slice(Math.max(0, best - 6), best + 4), unanswered };
}

export type Explanation =
  | { readonly explained: true }
  | {
      readonly explained: false;
      /** Around the place that no order gets beyond. */
      readonly near: readonly Operation[];
      readonly unanswered: readonly Operation[];
    };

/** Nothing that started later can come before it ended. */
function earliestEnd(answered: readonly Operation[], from: number, ahead: ReadonlySet<number>): number {
  let end = Number.POSITIVE_INFINITY;
  for (let index = from; index < answered.length; index += 1) {
    const operation = answered[index];
    if (operation === undefined || operation.startedAt > end) break;
    if (!ahead.has(index)) end = Math.min(end, operation.endedAt);
  }
  return end;
}

const byStart = (a: Operation, b: Operation): number => a.startedAt - b.startedAt;
const byNumber = (a: number, b: number): number => a - b;

/** The keys whose history nothing explains, each with the place where it breaks. */
export function unexplained(operations: readonly Operation[]): readonly string[] {
  const keys = Map.groupBy(operations, ({ key }) => key);
  return [...keys].flatMap(([key, ofKey]) => {
    const found = explain(ofKey);
    if (found.explained) return [];
    const lines = [...found.near, ...found.unanswered].map((each) => JSON.stringify(each));
    return [`${key} (${String(ofKey.length)} operations)\n  ${lines.join('\n  ')}`];
  });
}
