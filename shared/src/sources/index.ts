import { airtable } from './senders/airtable.ts';
import { cloudevents } from './senders/cloudevents.ts';
import { documenso } from './senders/documenso.ts';
import { dropbox } from './senders/dropbox.ts';
import { generic } from './senders/generic.ts';
import { gitea } from './senders/gitea.ts';
import { github } from './senders/github.ts';
import { gitlab } from './senders/gitlab.ts';
import { hubspot } from './senders/hubspot.ts';
import { linear } from './senders/linear.ts';
import { mollie } from './senders/mollie.ts';
import { openai } from './senders/openai.ts';
import { paddle } from './senders/paddle.ts';
import { pipedrive } from './senders/pipedrive.ts';
import { plaid } from './senders/plaid.ts';
import { sendgrid } from './senders/sendgrid.ts';
import { shopify } from './senders/shopify.ts';
import { slack } from './senders/slack.ts';
import { standardWebhooks } from './senders/standard-webhooks.ts';
import { stripe } from './senders/stripe.ts';
import { stripeObject } from './senders/stripe-object.ts';
import { twilio } from './senders/twilio.ts';
import { twitch } from './senders/twitch.ts';
import { typeform } from './senders/typeform.ts';
import { whatsapp } from './senders/whatsapp.ts';
import { woocommerce } from './senders/woocommerce.ts';

/**
 * Every sender, in the order in which a delivery is held against them: the first that recognises it counts. Who sends
 * another's headers too comes before that one, what a standard defines after all who follow it.
 */
export const sources = [
  openai,
  stripe,
  stripeObject,
  paddle,
  shopify,
  woocommerce,
  gitea,
  github,
  gitlab,
  slack,
  twitch,
  hubspot,
  typeform,
  linear,
  pipedrive,
  documenso,
  airtable,
  dropbox,
  mollie,
  plaid,
  sendgrid,
  whatsapp,
  twilio,
  standardWebhooks,
  cloudevents,
  generic,
] as const;

export type SourceId = (typeof sources)[number]['id'];
