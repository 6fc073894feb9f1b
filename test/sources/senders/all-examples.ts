import { airtable } from './airtable.ts';
import { cloudevents } from './cloudevents.ts';
import { documenso } from './documenso.ts';
import { dropbox } from './dropbox.ts';
import type { Examples } from './examples.ts';
import { gitea } from './gitea.ts';
import { gitlab } from './gitlab.ts';
import { deliverTogether } from './hubspot.ts';
import { senders } from './index.ts';
import { linear } from './linear.ts';
import { mollie } from './mollie.ts';
import { openai } from './openai.ts';
import { paddle } from './paddle.ts';
import { pipedrive } from './pipedrive.ts';
import { plaid } from './plaid.ts';
import { sendgrid } from './sendgrid.ts';
import type { Sender, SentDelivery } from './sender.ts';
import { twilioConversations } from './twilio-conversations.ts';
import { twitch } from './twitch.ts';
import { whatsapp } from './whatsapp.ts';
import { woocommerce } from './woocommerce.ts';

const example = ({ headers, payload }: SentDelivery) => ({ headers, body: payload });

/** Of a sender that is played whole: its first two events. */
const played = (sender: Sender): Examples => {
  const sent = (event: number, attempt: number) => example(sender.deliver(event, attempt));
  return {
    source: sender.source,
    events: [{ first: sent(0, 0), again: sent(0, 1), other: sent(1, 0) }],
  };
};

/** All that tells one product from another is the body: what a merchant does at once has one event id. */
const twoProducts: Examples = {
  source: 'shopify',
  events: ['X-Shopify-', 'shopify-'].map((prefix) => {
    const headersOf = (webhook: string) => ({
      ...{
        [`${prefix}Topic`]: 'products/update',
        [`${prefix}Event-Id`]: 'e1',
        [`${prefix}Webhook-Id`]: webhook,
      },
      [`${prefix}Shop-Domain`]: 'example.myshopify.com',
    });
    const first = { headers: headersOf('w1'), body: { id: 1, title: 'Hat' } };
    return { first, again: first, other: { headers: headersOf('w2'), body: { id: 2, title: 'Hat' } } };
  }),
};

const challenge: Examples = {
  source: 'slack',
  events: [],
  refused: [
    {
      body: { token: 'Jhj5dZ', challenge: '3eZbrw1a', type: 'url_verification' },
      says: 'Answer it with its challenge',
    },
  ],
};

const batch: Examples = {
  source: 'hubspot',
  events: [],
  several: [{ ...example(deliverTogether([0, 1, 2], 0)), holds: 3 }],
};

/** Every sender's examples; some senders have several files. */
export const openExamples = async (): Promise<readonly Examples[]> => [
  ...(await Promise.all(Object.values(senders).map(async (open) => played(await open())))),
  ...[twoProducts, challenge, batch, twilioConversations, openai, paddle, woocommerce, gitea, gitlab, twitch],
  ...[linear, pipedrive, documenso, airtable, dropbox, mollie, plaid, sendgrid, whatsapp, cloudevents],
];
