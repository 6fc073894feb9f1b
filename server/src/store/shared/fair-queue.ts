/** One that waits, and how much of the queue it takes up. */
export interface InLine {
  readonly tenant: string;
  readonly units: number;
}

interface Line<W> {
  readonly waiting: W[];
  /** The first that was not taken yet. */
  head: number;
  units: number;
}

/** Taken ones are let go of in so large steps, since each moves all that wait. */
const LET_GO = 1_000;

/** Who waits, a line a tenant. Tenants take turns, so that none waits behind all that another one sent. */
export interface TenantLines<W extends InLine> {
  add(waiting: W): void;
  /** The next in turn, which is then out of its line; undefined where nobody waits. */
  peek(): W | undefined;
  take(): void;
  /** Removes, and answers, those at the front of each line of whom it is true. */
  removeWhile(is: (waiting: W) => boolean): W[];
  unitsOf(tenant: string): number;
  readonly units: number;
  readonly size: number;
}

export function createTenantLines<W extends InLine>(): TenantLines<W> {
  // In the order of their turns.
  const lines = new Map<string, Line<W>>();
  let units = 0;
  let size = 0;

  function removeFirst(tenant: string, line: Line<W>): void {
    const taken = line.waiting[line.head]?.units ?? 0;
    line.head += 1;
    line.units -= taken;
    units -= taken;
    size -= 1;
    if (line.head === line.waiting.length) lines.delete(tenant);
    else if (line.head >= LET_GO) {
      line.waiting.splice(0, line.head);
      line.head = 0;
    }
  }

  const first = (): [string, Line<W>] | undefined => lines.entries().next().value;

  return {
    add(waiting) {
      const line = lines.get(waiting.tenant) ?? { waiting: [], head: 0, units: 0 };
      lines.set(waiting.tenant, line);
      line.waiting.push(waiting);
      line.units += waiting.units;
      units += waiting.units;
      size += 1;
    },
    peek() {
      const line = first()?.[1];
      return line?.waiting[line.head];
    },
    take() {
      const next = first();
      if (next === undefined) return;
      const [tenant, line] = next;
      removeFirst(tenant, line);
      if (lines.size < 2 || !lines.has(tenant)) return;
      lines.delete(tenant);
      lines.set(tenant, line);
    },
    removeWhile(is) {
      const removed: W[] = [];
      for (const [tenant, line] of lines) {
        for (let next = line.waiting[line.head]; next !== undefined && is(next);) {
          removed.push(next);
          removeFirst(tenant, line);
          next = line.waiting[line.head];
        }
      }
      return removed;
    },
    unitsOf: (tenant) => lines.get(tenant)?.units ?? 0,
    get units() {
      return units;
    },
    get size() {
      return size;
    },
  };
}
