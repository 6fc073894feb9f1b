import { Webhook } from 'standardwebhooks';
import { idOf, seconds, sentAt, twenty, type Sender } from './sender.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** Two that say the same are two. */
const events = twenty((event) => ({
  type: 'contact.created',
  timestamp: '2026-11-25T08:59:58.344522Z',
  data: { id: idOf('1f81eb52-5198-4599-803e-', event % 10, 12) },
}));

const sender = (prefix: 'webhook' | 'svix'): Sender => ({
  source: 'standard_webhooks',
  events,
  secret: SECRET,
  // A retry has the time of its own, and is signed anew.
  deliver: (event, attempt) => {
    const payload = JSON.stringify(events[event]);
    const id = idOf('msg_2KWPBgLlAfxdpx2AI54pPJ85f', event, 3);
    const headers = {
      [`${prefix}-id`]: id,
      [`${prefix}-timestamp`]: seconds(attempt),
      [`${prefix}-signature`]: new Webhook(SECRET).sign(id, new Date(sentAt(attempt)), payload),
    };
    return { payload, headers };
  },
});

export const standardWebhooks = sender('webhook');
export const svix = sender('svix');
