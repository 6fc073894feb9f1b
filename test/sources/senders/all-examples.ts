import { adyen } from './adyen.ts';
import { airtable } from './airtable.ts';
import { asana } from './asana.ts';
import { auth0 } from './auth0.ts';
import { bitbucket } from './bitbucket.ts';
import { calcom } from './calcom.ts';
import { calendly } from './calendly.ts';
import { chargebee } from './chargebee.ts';
import { clickup } from './clickup.ts';
import { cloudevents } from './cloudevents.ts';
import { contentful } from './contentful.ts';
import { discord } from './discord.ts';
import { documenso } from './documenso.ts';
import { docusign } from './docusign.ts';
import { dropbox } from './dropbox.ts';
import type { Examples } from './examples.ts';
import { gitea } from './gitea.ts';
import { gitlab } from './gitlab.ts';
import { deliverTogether } from './hubspot.ts';
import { senders } from './index.ts';
import { intercom } from './intercom.ts';
import { jira } from './jira.ts';
import { jotform } from './jotform.ts';
import { klaviyo } from './klaviyo.ts';
import { lemonsqueezy } from './lemonsqueezy.ts';
import { linear } from './linear.ts';
import { mailgun } from './mailgun.ts';
import { mandrill } from './mandrill.ts';
import { meta } from './meta.ts';
import { mollie } from './mollie.ts';
import { monday } from './monday.ts';
import { notion } from './notion.ts';
import { openai } from './openai.ts';
import { paddle } from './paddle.ts';
import { pagerduty } from './pagerduty.ts';
import { paypal } from './paypal.ts';
import { pipedrive } from './pipedrive.ts';
import { plaid } from './plaid.ts';
import { postmark } from './postmark.ts';
import { quickbooks } from './quickbooks.ts';
import { razorpay } from './razorpay.ts';
import { recurly } from './recurly.ts';
import { revenuecat } from './revenuecat.ts';
import { sanity } from './sanity.ts';
import type { Sender, SentDelivery } from './sender.ts';
import { sendgrid } from './sendgrid.ts';
import { sentry } from './sentry.ts';
import { square } from './square.ts';
import { supabase } from './supabase.ts';
import { tally } from './tally.ts';
import { telegram } from './telegram.ts';
import { trello } from './trello.ts';
import { twilioConversations } from './twilio-conversations.ts';
import { twitch } from './twitch.ts';
import { vercel } from './vercel.ts';
import { whatsapp } from './whatsapp.ts';
import { woocommerce } from './woocommerce.ts';
import { xero } from './xero.ts';
import { zendesk } from './zendesk.ts';
import { zoom } from './zoom.ts';

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
  ...[
    paypal,
    square,
    razorpay,
    adyen,
    chargebee,
    recurly,
    revenuecat,
    quickbooks,
    xero,
    lemonsqueezy,
    tally,
    calendly,
    calcom,
    docusign,
    jotform,
    postmark,
    mailgun,
    mandrill,
    klaviyo,
    intercom,
    telegram,
    meta,
    discord,
    zoom,
    zendesk,
    notion,
    asana,
    monday,
    clickup,
    trello,
    jira,
    bitbucket,
    sentry,
    pagerduty,
    vercel,
    contentful,
    sanity,
    auth0,
    supabase,
  ],
];
