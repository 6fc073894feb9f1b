import type { ApiKeyStore, ApiKey } from '../api-keys.ts';
import type { EventLog } from '../claims/events.ts';
import { type ClaimStore, StoreUnavailable } from '../claims/claim-store.ts';
import type { HookStore } from '../hooks/hook-store.ts';

/** Where claims and API keys are stored. It is opened by its URL. */
export interface Store {
  readonly claims: ClaimStore;
  readonly apiKeys: ApiKeyStore;
  readonly events: EventLog;
  readonly hooks: HookStore;
  /** What survives a crash of process or machine, in words: shown by /v1/me. */
  readonly durability: string;
  /** Checks the settings of the store that decide what can be lost. Each finding has its remedy. */
  inspect(): Promise<readonly Finding[]>;
  /**
   * Rejects with a `StoreUnavailable` unless the store can be written now. Otherwise returns what a person should know, such
   * as clocks that were set or that differ.
   */
  check(): Promise<readonly Finding[]>;
  /** Finishes the accepted calls, then closes. May be called again. */
  close(): Promise<void>;
}

/** A fact about a store that decides what a crash can lose, or whether the store can be used at all. */
export interface Finding {
  /** A sentence. */
  readonly what: string;
  readonly ok: boolean;
  /** What to do about it; null where all is well. */
  readonly remedy: string | null;
}

/** Measures a store. Nothing waits for its functions, and they never throw. */
export interface StoreMetrics {
  /** This many requests shared a transaction, or a script. */
  readonly grouped: (requests: number) => void;
  /** Called once, when the store is opened. `depth` returns how many calls are waiting or running. */
  readonly opened: (depth: () => number) => void;
}

/** A store that is opened only to read: it is not created, migrated or changed. */
export interface ReadOnlyStore {
  apiKeys(): Promise<readonly ApiKey[]>;
  /** Whether it can be written, its settings, and its schema version. */
  inspect(): Promise<readonly Finding[]>;
  close(): Promise<void>;
}

/** There is no store at the URL, because no server has ever used it. */
export class NoStore extends StoreUnavailable {
  constructor(where: string) {
    super(
      `${where} Is ONCEONLY_STORE right, and the folder that you are in? The server makes a store when it starts.`,
    );
  }
}

export function olderVersion(version: number, current: number): Finding {
  return {
    what: `This store is of an older version (schema ${version}, this program's is ${current}); the server's next start upgrades it.`,
    ok: true,
    remedy: null,
  };
}

/** The kind of store that a URL names: `sqlite`, `postgres` or `redis`. */
export function kindOf(url: string): string {
  const scheme = url.slice(0, url.indexOf(':'));
  return scheme === 'postgresql' ? 'postgres' : scheme === 'rediss' ? 'redis' : scheme;
}

/** A store's URL without its password, so that it can be logged. */
export function withoutPassword(url: string): string {
  return url.replace(/^([a-z]+:\/*[^:/@]*):.*@/is, '$1:***@').replace(/([?&]password=)[^&]*/gi, '$1***');
}
