import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ApiKey, ApiKeyStore, Role } from './claims/store.ts';
import type { Clock } from './clock.ts';

const SHAPE = /^once_live_[A-Za-z0-9_-]{43}$/;

/** How long a key that was found stays good without asking the store, so that a revocation works soon everywhere. */
const REMEMBERED_MS = 2_000;
const REMEMBERED_KEYS = 10_000;

/**
 * Makes an API key and stores its hash.
 * @returns the key itself, which is not kept anywhere, and what the store knows of it.
 */
export async function createApiKey(
  apiKeys: ApiKeyStore,
  of: { readonly tenant: string; readonly role: Role },
): Promise<{ readonly secret: string; readonly apiKey: ApiKey }> {
  const secret = `once_live_${randomBytes(32).toString('base64url')}`;
  const id = `key_${randomBytes(9).toString('base64url')}`;
  const apiKey = await apiKeys.create({ id, tenant: of.tenant, role: of.role, hash: hashApiKey(secret) });
  return { secret, apiKey };
}

/** SHA-256 of a whole API key, hex. */
export function hashApiKey(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/** The API key of a request, or null if it is unknown or revoked. Answers at once where it was asked a moment ago. */
export type FindApiKey = (secret: string) => ApiKey | null | Promise<ApiKey | null>;

/**
 * Looks API keys up by their hash; one that was found is remembered for two seconds, by itself, since hashing it would be
 * a good part of what a claim costs here; one that was not found never is.
 */
export function createApiKeyLookup(apiKeys: ApiKeyStore, clock: Clock): FindApiKey {
  const remembered = new Map<string, { readonly apiKey: ApiKey; readonly at: number }>();

  async function ask(secret: string): Promise<ApiKey | null> {
    const hashed = hashApiKey(secret);
    const apiKey = await apiKeys.find(hashed);
    if (apiKey?.revokedAt !== null || !sameHash(apiKey.hash, hashed)) {
      remembered.delete(secret);
      return null;
    }
    if (remembered.size >= REMEMBERED_KEYS) remembered.clear();
    remembered.set(secret, { apiKey, at: clock() });
    return apiKey;
  }

  return (secret) => {
    const known = remembered.get(secret);
    const age = known === undefined ? Infinity : clock() - known.at;
    // A clock that was set back must not keep a revoked key alive.
    if (known !== undefined && age >= 0 && age < REMEMBERED_MS) return known.apiKey;
    return SHAPE.test(secret) ? ask(secret) : null;
  };
}

function sameHash(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}
