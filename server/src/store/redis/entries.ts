import { StoreUnavailable } from '../../claims/claim-store.ts';
import type { Kind } from './record-text.ts';

/** The value of a key in Redis: a text, nothing, or an error if it cannot be read. */
export type Stored = string | null | Error;

/** A changed entry. */
export interface Change<Entry> {
  readonly key: string;
  readonly before: Entry | undefined;
  /** Undefined: the entry is removed. */
  readonly next: Entry | undefined;
}

/** The entries of one kind in a batch: loaded together, changed in memory, written together. */
export interface Entries<Entry> {
  /** @throws {StoreUnavailable} if something else is stored under its name. */
  get(key: string): Entry | undefined;
  put(key: string, next: Entry | undefined): void;
  /** How many changes were made so far. */
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
