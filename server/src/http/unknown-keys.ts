import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { ApiKeyLookup, FindApiKey, ApiKey } from '../api-keys.ts';
import type { Sessions } from '../sessions.ts';
import { rateLimited, RefusalError } from './refusal.ts';

/** How many unknown keys of one address are looked up. Keys are too long to be guessed, so this only protects the store from load. */
const UNKNOWN_A_MINUTE = 60;
/** How many new keys are looked up at the same time, so that even a flood from many addresses does not delay claims. */
const NEW_AT_ONCE = 32;

/** How many valid sessions are remembered; the least recently used ones are forgotten first. */
const GOOD_SESSIONS = 10_000;

/** Looks a new key or session up with `ask`, unless its address has sent too many unknown ones. */
type Guard = (address: string, ask: () => Promise<ApiKey | null>) => Promise<ApiKey | null>;

/** Limits the unknown keys and sessions of each address. Beyond the limit, it refuses with 429 without asking the store. */
export function createGuard(): Guard {
  const unknown = new RateLimiterMemory({ points: UNKNOWN_A_MINUTE, duration: 60 });
  let asking = 0;
  return async (address, ask) => {
    const from = addressBlock(address);
    const tried = await unknown.get(from);
    if (tried !== null && tried.consumedPoints >= UNKNOWN_A_MINUTE)
      throw new RefusalError(rateLimited(tried.msBeforeNext));
    if (asking >= NEW_AT_ONCE) throw new RefusalError(rateLimited(1_000));
    asking += 1;
    try {
      const apiKey = await ask();
      if (apiKey === null) await unknown.penalty(from);
      return apiKey;
    } finally {
      asking -= 1;
    }
  };
}

/** Looks up API keys that were valid before directly, and all others through the guard. Concurrent requests with one key share a look-up. */
export function guardKeys({ remembered, wasGood, ask }: ApiKeyLookup, guard: Guard): FindApiKey {
  const open = new Map<string, Promise<ApiKey | null>>();
  return (secret, address) => {
    const known = remembered(secret);
    if (known !== undefined) return known;
    if (wasGood(secret)) return ask(secret);
    const asked = open.get(secret);
    if (asked !== undefined) return asked;
    const found = guard(address, () => ask(secret)).finally(() => open.delete(secret));
    open.set(secret, found);
    return found;
  };
}

/** The same for session tokens. */
export function guardSessions({ begin, find }: Sessions, guard: Guard): Sessions {
  const good = new LRUCache<string, true>({ max: GOOD_SESSIONS });
  return {
    begin,
    async find(token, address) {
      const apiKey = good.has(token)
        ? await find(token, address)
        : await guard(address, () => find(token, address));
      if (apiKey === null) good.delete(token);
      else good.set(token, true);
      return apiKey;
    },
  };
}

/** An IPv4 address, or the /64 network of an IPv6 address, since one household or machine has all addresses of it. */
export function addressBlock(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv4 ? parsed.toString() : parsed.parts.slice(0, 4).join(':');
}
