/** What may happen to a state. */
export interface Step<State> {
  /** In words, for the trace of a fault. */
  readonly what: string;
  readonly state: State;
  /** What it broke, in a sentence; null where every invariant holds. */
  readonly broken: string | null;
}

/** Something that changes by steps. Everything that it offers is explored. */
export interface Machine<State> {
  readonly start: State;
  /** All that may happen next; none of it changes `state`. */
  steps(state: State): Iterable<Step<State>>;
  /** The same text for states from which the same may happen, and for no others. There are finitely many. */
  canonical(state: State): string;
}

export interface Explored {
  readonly states: number;
  /** Steps taken, those to states that were known included. */
  readonly steps: number;
  /** As many steps lead to the state that is furthest from the start. */
  readonly depth: number;
}

/** Visits every state that can be reached, nearest first. Throws with the shortest way to a broken invariant. */
export function explore<State>(machine: Machine<State>): Explored {
  const ways = new Map<string, { readonly from: string; readonly what: string } | null>();
  let front: [name: string, state: State][] = [[machine.canonical(machine.start), machine.start]];
  ways.set(machine.canonical(machine.start), null);
  let taken = 0;
  let depth = 0;
  for (;;) {
    const next: typeof front = [];
    for (const [from, state] of front) {
      for (const { what, state: reached, broken } of machine.steps(state)) {
        taken += 1;
        if (broken !== null) throw new Error(`${broken}\n${wayTo(from, ways)}  ${what}`);
        const name = machine.canonical(reached);
        if (ways.has(name)) continue;
        ways.set(name, { from, what });
        next.push([name, reached]);
      }
    }
    if (next.length === 0) return { states: ways.size, steps: taken, depth };
    front = next;
    depth += 1;
  }
}

function wayTo(
  state: string,
  ways: ReadonlyMap<string, { readonly from: string; readonly what: string } | null>,
) {
  const words: string[] = [];
  for (let way = ways.get(state); way; way = ways.get(way.from)) words.push(`  ${way.what}\n`);
  return words.reverse().join('');
}
