import { Webhook } from 'standardwebhooks';
import { shownEvent } from '../claims/events.ts';
import type { DueDelivery } from './hook-store.ts';
import type { Message } from './post.ts';
import { randomBytes } from 'node:crypto';

/**
 * The message for an event, signed according to Standard Webhooks. Every attempt has the same `webhook-id`, so that a receiver
 * recognizes an event that it already has.
 */
export function signedMessage({ hook, event }: DueDelivery, now: number): Message {
  const id = `evt_${String(event.id)}`;
  const data = shownEvent(event);
  const body = JSON.stringify({ type: event.type, timestamp: data.at, data });
  return {
    url: hook.url,
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'OnceOnly-Server',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now / 1_000)),
      'webhook-signature': new Webhook(hook.secret).sign(id, new Date(now), body),
    },
  };
}

/** The id is public: it names the hook in lists. */
export const newHookId = (): string => `hook_${randomBytes(9).toString('base64url')}`;

/** The key for signing the messages of a hook, in the format of Standard Webhooks: 256 random bits. */
export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
