import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from './clock.ts';

export type Role = 'automation' | 'operator';

/** An API key as the store keeps it: without the key itself, only with its SHA-256. */
export interface ApiKey {
  /** Public. It names the key in lists, logs and audits. */
  readonly id: string;
  readonly tenant: string;
  readonly role: Role;
  /** The SHA-256 of the whole key, in hex. */
  readonly hash: string;
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

export interface ApiKeyStore {
  create(key: Omit<ApiKey, 'createdAt' | 'revokedAt'>): Promise<ApiKey>;
  /** The key with this hash, also if it is revoked; null if there is none. */
  find(hash: string): Promise<ApiKey | null>;
  /** The key with this id, also if it is revoked; null if there is none. */
  findById(id: string): Promise<ApiKey | null>;
  list(): Promise<readonly ApiKey[]>;
  /** Revokes a key, and disables the hooks that it created. Returns whether there was such a key. */
  revoke(id: string): Promise<boolean>;
}

/** Makes a new API key: 256 random bits. */
export const newApiKeySecret = (): string => `once_live_${randomBytes(32).toString('base64url')}`;

const SHAPE = /^once_live_[A-Za-z0-9_-]{43}$/;

/** How long an answer of the store about a key is reused. Short, so that a revocation soon takes effect on every server. */
const REMEMBERED_MS = 2_000;
const REMEMBERED_KEYS = 10_000;

/**
 * Creates an API key and stores its hash.
 * @returns the key itself, which is not kept anywhere, and what the store keeps.
 */
export async function createApiKey(
  apiKeys: ApiKeyStore,
  of: { readonly tenant: string; readonly role: Role },
): Promise<{ readonly secret: string; readonly apiKey: ApiKey }> {
  const secret = newApiKeySecret();
  const id = `key_${randomBytes(9).toString('base64url')}`;
  const apiKey = await apiKeys.create({ id, tenant: of.tenant, role: of.role, hash: hashApiKey(secret) });
  return { secret, apiKey };
}

/** The SHA-256 of a whole API key, in hex. */
export function hashApiKey(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/** Finds the API key of a request; null if it is unknown or revoked. Not a promise if the store was asked a moment ago. */
export type FindApiKey = (secret: string, address: string) => ApiKey | null | Promise<ApiKey | null>;

export interface ApiKeyLookup {
  /** What is known without asking the store: the API key, or null if there was none a moment ago. Undefined: not known. */
  readonly remembered: (secret: string) => ApiKey | null | undefined;
  /** Whether the key was valid when the store was last asked, however long ago. */
  readonly wasGood: (secret: string) => boolean;
  readonly ask: (secret: string) => Promise<ApiKey | null>;
}

/**
 * Looks up API keys by their hash. Answers of the store are remembered for two seconds. They are remembered by the key itself,
 * because hashing it would be a large part of the cost of a claim. Simultaneous look-ups of the same key share one answer.
 */
export function createApiKeyLookup(apiKeys: Pick<ApiKeyStore, 'find'>, clock: Clock): ApiKeyLookup {
  const good = new LRUCache<string, { readonly apiKey: ApiKey; readonly at: number }>({
    max: REMEMBERED_KEYS,
  });
  const unknown = new LRUCache<string, number>({ max: REMEMBERED_KEYS });
  const asking = new Map<string, Promise<ApiKey | null>>();

  async function find(secret: string): Promise<ApiKey | null> {
    const hashed = hashApiKey(secret);
    const apiKey = await apiKeys.find(hashed);
    if (apiKey?.revokedAt !== null || !sameHash(apiKey.hash, hashed)) {
      good.delete(secret);
      unknown.set(secret, clock());
      return null;
    }
    good.set(secret, { apiKey, at: clock() });
    return apiKey;
  }

  // A clock that was set back must not keep a revoked key valid.
  function isFresh(at: number | undefined): boolean {
    const age = at === undefined ? Infinity : clock() - at;
    return age >= 0 && age < REMEMBERED_MS;
  }

  return {
    remembered(secret) {
      const known = good.get(secret);
      if (known !== undefined && isFresh(known.at)) return known.apiKey;
      return !SHAPE.test(secret) || isFresh(unknown.get(secret)) ? null : undefined;
    },
    wasGood: (secret) => good.has(secret),
    ask(secret) {
      const asked = asking.get(secret);
      if (asked !== undefined) return asked;
      const found = find(secret).finally(() => asking.delete(secret));
      asking.set(secret, found);
      return found;
    },
  };
}

function sameHash(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}
