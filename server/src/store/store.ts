import type { ApiKeyStore, ApiKey } from '../api-keys.ts';
import type { EventLog } from '../claims/events.ts';
import { type ClaimStore, StoreUnavailable } from '../claims/claim-store.ts';
import type { HookStore } from '../hooks/hook-store.ts';

/** The place where claims and API keys are kept, opened by its URL. */
export interface Store {
  readonly claims: ClaimStore;
  readonly apiKeys: ApiKeyStore;
  readonly events: EventLog;
  readonly hooks: HookStore;
  /** What survives a crash of process or machine, in words: shown by /v1/me. */
  readonly durability: string;
  /** How the store is set, as far as that decides what can be lost; each finding with its remedy. */
  inspect(): Promise<readonly Finding[]>;
  /**
   * Rejects with a `StoreUnavailable` unless the store can be written now. Answers what a person should know although it
   * can: clocks that were set, or are apart.
   */
  check(): Promise<readonly Finding[]>;
  /** Finishes what was accepted, then lets go. May be called again. */
  close(): Promise<void>;
}

/** One thing about a store's settings that decides what a crash can lose, or whether it can be used at all. */
export interface Finding {
  /** A sentence. */
  readonly what: string;
  readonly ok: boolean;
  /** What to do about it; null where all is well. */
  readonly remedy: string | null;
}

/** Watches a store at work. Nothing waits for it, and its functions never throw. */
export interface StoreWatch {
  /** So many requests shared a transaction, or a script. */
  readonly grouped: (requests: number) => void;
  /** Called once, when the store is open: `depth` says how many calls wait, or are at work, at any time. */
  readonly opened: (depth: () => number) => void;
}

/** Where every address was tried, the message of each. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** A store that is only looked at: nothing is made, brought to a newer schema, or written. */
export interface StoreLook {
  apiKeys(): Promise<readonly ApiKey[]>;
  /** Whether it can be written, how it is set, of which version it is. */
  inspect(): Promise<readonly Finding[]>;
  close(): Promise<void>;
}

/** There is none where the URL leads: no server has ever used it. */
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

/** `sqlite`, `postgres` or `redis`: of what kind a store's URL is, however its scheme is spelt. */
export function kindOf(url: string): string {
  const scheme = url.slice(0, url.indexOf(':'));
  return scheme === 'postgresql' ? 'postgres' : scheme === 'rediss' ? 'redis' : scheme;
}

/** A store's URL as it may be logged: whoever reads logs need not know the password of a database. */
export function withoutPassword(url: string): string {
  return url.replace(/^([a-z]+:\/*[^:/@]*):.*@/is, '$1:***@').replace(/([?&]password=)[^&]*/gi, '$1***');
}
