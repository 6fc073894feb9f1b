import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { ApiKeyLookup, FindApiKey, ApiKey } from '../api-keys.ts';
import type { Sessions } from '../sessions.ts';
import { rateLimited, RefusalError } from './refusal.ts';

/** Unknown keys of one address that are looked up; keys are too long to be guessed, so this keeps the store free. */
const UNKNOWN_A_MINUTE = 60;
/** Keys that nobody had before, looked up at a time: however many addresses send them, claims are not kept waiting. */
const NEW_AT_ONCE = 32;

/** Remembered as having been good; beyond it, those that were not used for the longest time are new again. */
const GOOD_SESSIONS = 10_000;

/** Asks the store whose key or session it is, where nobody knows it yet. */
type Guard = (address: string, ask: () => Promise<ApiKey | null>) => Promise<ApiKey | null>;

/**
 * Limits by the address that they come from whatever turns out to be unknown: beyond it, an address is refused with 429
 * without a look into the store.
 */
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

/** Lets keys that were good before pass, and the others through the guard: each once, however many requests bring it. */
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

/** The same for sessions. */
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

/** An IPv4 address, or the network of an IPv6 address that one household or machine has all of. */
export function addressBlock(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv4 ? parsed.toString() : parsed.parts.slice(0, 4).join(':');
}
