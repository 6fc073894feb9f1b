import type { ClaimRecord } from '../../src/claims/record.ts';

/** All that a record says, but the fence, which is compared with those before it. */
export type Cell = {
  -readonly [Field in keyof Omit<ClaimRecord, 'fence' | 'deathReported'>]: ClaimRecord[Field];
};

/** A group as the rows have it: who has it is read off the keys' own cells. */
interface Group {
  taker: string;
  sequence: string | null;
  run: string | null;
  mark: string | null;
  /** A key that waited for a person when another one took the group. */
  asks: string | null;
  until: number;
}

const days = (number: number): number => number * 24 * 60 * 60 * 1_000;

/** The instant from which there is no cell. */
export function endOf(cell: Cell): number {
  const waits = cell.state === 'in_progress' && cell.onExpired === 'block';
  const from = cell.state === 'in_progress' ? cell.expiresAt : Number(cell.doneAt);
  return from + (waits ? days(400) : cell.retentionSeconds * 1_000);
}

const kindOf = (sequence: string): string => sequence.slice(0, 1);

/** Numbers are counted, dates too, and neither is held against the other. */
const isAbove = (one: string, other: string): boolean =>
  kindOf(one) === kindOf(other) && Number(one.slice(1)) > Number(other.slice(1));

/** The groups of one tenant, over its cells that are alive. */
export function createGroups(alive: (key: string, at: number) => Cell | undefined) {
  const groups = new Map<string, Group>();

  const living = (name: string | null, at: number): Group | undefined => {
    const group = name === null ? undefined : groups.get(name);
    return group !== undefined && at < group.until ? group : undefined;
  };

  /** The key's cell, where it still is at work in this group. */
  const atWork = (name: string, key: string | null, at: number): Cell | undefined => {
    const cell = key === null ? undefined : alive(key, at);
    return cell?.state === 'in_progress' && cell.group === name ? cell : undefined;
  };

  /** The key, where it is at work no more, and a person has to say what came of it. */
  const waitsForAPerson = (name: string, key: string | null, at: number): Cell | undefined => {
    const cell = atWork(name, key, at);
    return cell?.onExpired === 'block' && at >= cell.expiresAt && cell.sequence !== null ? cell : undefined;
  };

  return {
    isOvertaken: (key: string, cell: Cell, at: number): boolean => {
      const group = living(cell.group, at);
      return group !== undefined && group.taker !== key;
    },
    /** Before the key's own rows. */
    outdated(name: string | null, sequence: string | null, at: number): object | undefined {
      const group = living(name, at);
      if (group === undefined || sequence === null) return undefined;
      const known = group.mark ?? group.sequence;
      if (known !== null && kindOf(known) !== kindOf(sequence)) return { outcome: 'sequence_kind', known };
      return group.mark !== null && isAbove(group.mark, sequence)
        ? { outcome: 'stale', mark: group.mark }
        : undefined;
    },
    /** After them. */
    barred(name: string | null, sequence: string | null, key: string, run: string | null, at: number) {
      const group = living(name, at);
      if (group === undefined || name === null) return undefined;
      const other = group.taker === key ? undefined : atWork(name, group.taker, at);
      if (other !== undefined && at < other.expiresAt) {
        const ofSameRun = run !== null && run === group.run;
        return { outcome: 'busy', by: group.taker, until: other.expiresAt, ofSameRun };
      }
      for (const waiting of [group.taker, group.asks]) {
        const cell = waitsForAPerson(name, waiting, at);
        if (sequence === null || waiting === key || cell === undefined) continue;
        if (isAbove(String(cell.sequence), sequence)) return { outcome: 'busy', by: waiting, until: null };
      }
      return undefined;
    },
    take(key: string, cell: Cell, at: number): void {
      const { group: name, sequence, run } = cell;
      if (name === null) return;
      const before = living(name, at);
      const displaced =
        before && before.taker !== key && waitsForAPerson(name, before.taker, at) ? before.taker : null;
      const asks = displaced ?? before?.asks ?? null;
      groups.set(name, {
        ...{ taker: key, sequence, run, mark: before?.mark ?? null },
        asks: asks === key ? null : asks,
        until: Math.max(before?.until ?? 0, endOf(cell)),
      });
    },
    /** After a change of the cell. */
    changed(cell: Cell, at: number): void {
      const group = living(cell.group, at);
      if (group === undefined) return;
      group.until = Math.max(group.until, endOf(cell));
      const { state, sequence } = cell;
      if (state !== 'completed' || sequence === null) return;
      if (group.mark === null || isAbove(sequence, group.mark)) group.mark = sequence;
    },
    /** What a person is told who clears the mark. */
    clear(name: string, at: number): object {
      const group = living(name, at);
      if (group === undefined) return { outcome: 'not_found' };
      const { mark } = group;
      group.mark = null;
      if (atWork(name, group.taker, at) === undefined) group.sequence = null;
      return { outcome: 'done', mark };
    },
  };
}
