import { Webhook } from 'standardwebhooks';
import { shownEvent } from '../claims/events.ts';
import type { DueDelivery } from './hook-store.ts';
import type { Message } from './post.ts';
import { randomBytes } from 'node:crypto';

/**
 * What is posted of an event, signed as Standard Webhooks say. Every attempt has the same `webhook-id`, so that a
 * receiver knows what it had before.
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

/** Public: names the hook in lists. */
export const newHookId = (): string => `hook_${randomBytes(9).toString('base64url')}`;

/** What deliveries of a hook are signed with, as Standard Webhooks write it: 256 random bits. */
export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
