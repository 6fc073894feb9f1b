import { StoreUnavailable } from '../../claims/claim-store.ts';
import type { Kind } from './record-text.ts';

/** What Redis had under a name: a text, nothing, or something that cannot be read. */
export type Stored = string | null | Error;

/** An entry that was changed, and how it is written. */
export interface Change<Entry> {
  readonly key: string;
  readonly before: Entry | undefined;
  /** Undefined: it is removed. */
  readonly next: Entry | undefined;
}

/** The entries of one kind that a batch is about: loaded at once, changed in memory, written at once. */
export interface Entries<Entry> {
  /** @throws {StoreUnavailable} where Redis keeps something else under its name. */
  get(key: string): Entry | undefined;
  put(key: string, next: Entry | undefined): void;
  /** How often one was changed so far. */
  readonly changeCount: () => number;
  readonly changes: () => readonly Change<Entry>[];
}

export function createEntries<Entry>(kind: Kind<Entry>, stored: ReadonlyMap<string, Stored>): Entries<Entry> {
  const loaded = new Map<string, Entry | undefined>();
  const changed = new Map<string, Entry | undefined>();
  let changeCount = 0;

  function load(key: string): Entry | undefined {
    const text = stored.get(key) ?? null;
    if (text === null) return undefined;
    if (typeof text !== 'string') throw new StoreUnavailable(`Redis failed. (${text.message})`);
    try {
      return kind.parse(text);
    } catch {
      throw new StoreUnavailable('Redis failed. (Something else is kept under the name of this key.)');
    }
  }

  function before(key: string): Entry | undefined {
    if (!loaded.has(key)) loaded.set(key, load(key));
    return loaded.get(key);
  }

  return {
    get: (key) => (changed.has(key) ? changed.get(key) : before(key)),
    put(key, next) {
      changed.set(key, next);
      changeCount += 1;
    },
    changeCount: () => changeCount,
    changes: () => [...changed].map(([key, next]) => ({ key, before: before(key), next })),
  };
}
