import { randomBytes } from 'node:crypto';

/** Public: names the hook in lists. */
export const newHookId = (): string => `hook_${randomBytes(9).toString('base64url')}`;

/** What deliveries of a hook are signed with, as Standard Webhooks write it: 256 random bits. */
export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
