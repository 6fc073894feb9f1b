/** An item of the queue, with its tenant and its size. */
export interface Queued {
  readonly tenant: string;
  readonly units: number;
}

interface TenantQueue<W> {
  readonly waiting: W[];
  /** The index of the first item that was not taken. */
  head: number;
  units: number;
}

/** Taken items are removed from an array in steps of this size, since each removal moves all items behind. */
const REMOVE_AT_ONCE = 1_000;

/** One queue for each tenant. Tenants take turns, so that none waits behind everything that another one sent. */
export interface FairQueue<W extends Queued> {
  add(item: W): void;
  /** The next item; undefined if the queue is empty. */
  peek(): W | undefined;
  /** Removes the next item; then it is the next tenant's turn. */
  take(): void;
  /** Removes and returns the items at the front of each tenant's queue while the condition holds. */
  removeWhile(condition: (item: W) => boolean): W[];
  unitsOf(tenant: string): number;
  readonly size: number;
}

export function createFairQueue<W extends Queued>(): FairQueue<W> {
  // The tenant whose turn it is comes first.
  const queues = new Map<string, TenantQueue<W>>();
  let size = 0;

  function removeFirst(tenant: string, queue: TenantQueue<W>): void {
    const taken = queue.waiting[queue.head]?.units ?? 0;
    queue.head += 1;
    queue.units -= taken;
    size -= 1;
    if (queue.head === queue.waiting.length) queues.delete(tenant);
    else if (queue.head >= REMOVE_AT_ONCE) {
      queue.waiting.splice(0, queue.head);
      queue.head = 0;
    }
  }

  const first = (): [string, TenantQueue<W>] | undefined => queues.entries().next().value;

  return {
    add(item) {
      const queue = queues.get(item.tenant) ?? { waiting: [], head: 0, units: 0 };
      queues.set(item.tenant, queue);
      queue.waiting.push(item);
      queue.units += item.units;
      size += 1;
    },
    peek() {
      const queue = first()?.[1];
      return queue?.waiting[queue.head];
    },
    take() {
      const next = first();
      if (next === undefined) return;
      const [tenant, queue] = next;
      removeFirst(tenant, queue);
      if (queues.size < 2 || !queues.has(tenant)) return;
      queues.delete(tenant);
      queues.set(tenant, queue);
    },
    removeWhile(condition) {
      const removed: W[] = [];
      for (const [tenant, queue] of queues) {
        for (let next = queue.waiting[queue.head]; next !== undefined && condition(next);) {
          removed.push(next);
          removeFirst(tenant, queue);
          next = queue.waiting[queue.head];
        }
      }
      return removed;
    },
    unitsOf: (tenant) => queues.get(tenant)?.units ?? 0,
    get size() {
      return size;
    },
  };
}
