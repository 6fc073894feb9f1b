import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ApiKey, ApiKeyStore } from './api-keys.ts';
import type { Clock } from './clock.ts';

/** How long a session lasts, in seconds. */
export const SESSION_SECONDS = 12 * 3_600;

/** The id of the API key, the end in epoch seconds, and a MAC over both. */
const SHAPE = /^(key_[A-Za-z0-9_-]{1,64})\.(\d{1,12})\.([A-Za-z0-9_-]{43})$/;

/**
 * Sessions without a state in any server. A token names the API key that it was made with, and is authenticated with the hash of
 * that key in the store. So every server on the store accepts it, and it ends when the key is revoked.
 */
export interface Sessions {
  /** Makes a token that is valid for `SESSION_SECONDS`, unless the API key is revoked earlier. */
  readonly begin: (apiKey: ApiKey) => string;
  /**
   * The API key of a token; null if the token is not genuine or has expired, or if the API key was revoked. `address` is that of
   * the caller.
   */
  readonly find: (token: string, address: string) => Promise<ApiKey | null>;
}

export function createSessions(apiKeys: ApiKeyStore, clock: Clock): Sessions {
  return {
    begin(apiKey) {
      const end = String(Math.floor(clock() / 1_000) + SESSION_SECONDS);
      return `${apiKey.id}.${end}.${macOf(apiKey, end).toString('base64url')}`;
    },
    async find(token) {
      const [, id, end, mac] = SHAPE.exec(token) ?? [];
      if (id === undefined || end === undefined || mac === undefined) return null;
      if (Number(end) * 1_000 <= clock()) return null;
      const apiKey = await apiKeys.findById(id);
      if (apiKey?.revokedAt !== null) return null;
      return timingSafeEqual(macOf(apiKey, end), Buffer.from(mac, 'base64url')) ? apiKey : null;
    },
  };
}

/** The purpose is part of the signed text, so that no other value derived from the hash can serve as a session. */
function macOf({ id, hash }: ApiKey, end: string): Buffer {
  return createHmac('sha256', hash).update(`onceonly session\n${id}\n${end}`).digest();
}
