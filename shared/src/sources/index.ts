import { adyen } from './senders/adyen.ts';
import { airtable } from './senders/airtable.ts';
import { asana } from './senders/asana.ts';
import { auth0 } from './senders/auth0.ts';
import { bitbucket } from './senders/bitbucket.ts';
import { calcom } from './senders/calcom.ts';
import { calendly } from './senders/calendly.ts';
import { chargebee } from './senders/chargebee.ts';
import { clickup } from './senders/clickup.ts';
import { cloudevents } from './senders/cloudevents.ts';
import { contentful } from './senders/contentful.ts';
import { discord } from './senders/discord.ts';
import { documenso } from './senders/documenso.ts';
import { docusign } from './senders/docusign.ts';
import { dropbox } from './senders/dropbox.ts';
import { generic } from './senders/generic.ts';
import { gitea } from './senders/gitea.ts';
import { github } from './senders/github.ts';
import { gitlab } from './senders/gitlab.ts';
import { hubspot } from './senders/hubspot.ts';
import { intercom } from './senders/intercom.ts';
import { jira } from './senders/jira.ts';
import { jotform } from './senders/jotform.ts';
import { klaviyo } from './senders/klaviyo.ts';
import { lemonsqueezy } from './senders/lemonsqueezy.ts';
import { linear } from './senders/linear.ts';
import { mailgun } from './senders/mailgun.ts';
import { mandrill } from './senders/mandrill.ts';
import { meta } from './senders/meta.ts';
import { mollie } from './senders/mollie.ts';
import { monday } from './senders/monday.ts';
import { notion } from './senders/notion.ts';
import { openai } from './senders/openai.ts';
import { paddle } from './senders/paddle.ts';
import { pagerduty } from './senders/pagerduty.ts';
import { paypal } from './senders/paypal.ts';
import { pipedrive } from './senders/pipedrive.ts';
import { plaid } from './senders/plaid.ts';
import { postmark } from './senders/postmark.ts';
import { quickbooks } from './senders/quickbooks.ts';
import { razorpay } from './senders/razorpay.ts';
import { recurly } from './senders/recurly.ts';
import { revenuecat } from './senders/revenuecat.ts';
import { sanity } from './senders/sanity.ts';
import { sendgrid } from './senders/sendgrid.ts';
import { sentry } from './senders/sentry.ts';
import { shopify } from './senders/shopify.ts';
import { slack } from './senders/slack.ts';
import { square } from './senders/square.ts';
import { standardWebhooks } from './senders/standard-webhooks.ts';
import { stripe } from './senders/stripe.ts';
import { stripeObject } from './senders/stripe-object.ts';
import { supabase } from './senders/supabase.ts';
import { tally } from './senders/tally.ts';
import { telegram } from './senders/telegram.ts';
import { trello } from './senders/trello.ts';
import { twilio } from './senders/twilio.ts';
import { twitch } from './senders/twitch.ts';
import { typeform } from './senders/typeform.ts';
import { vercel } from './senders/vercel.ts';
import { whatsapp } from './senders/whatsapp.ts';
import { woocommerce } from './senders/woocommerce.ts';
import { xero } from './senders/xero.ts';
import { zendesk } from './senders/zendesk.ts';
import { zoom } from './senders/zoom.ts';

/**
 * All senders, in the order in which they are tried: the first that recognises a delivery is used. A sender that also sends the
 * headers of another one comes before it, and a standard comes after all senders that follow it.
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
  standardWebhooks,
  cloudevents,
  generic,
] as const;

export type SourceId = (typeof sources)[number]['id'];
