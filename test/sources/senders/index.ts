import { generic } from './generic.ts';
import { openGithub } from './github.ts';
import { hubspot } from './hubspot.ts';
import type { Sender } from './sender.ts';
import { shopify } from './shopify.ts';
import { slack } from './slack.ts';
import { standardWebhooks, svix } from './standard-webhooks.ts';
import { stripe } from './stripe.ts';
import { twilio } from './twilio.ts';
import { typeform } from './typeform.ts';

export const senders: Readonly<Record<string, () => Promise<Sender> | Sender>> = {
  stripe: () => stripe,
  shopify: () => shopify,
  github: openGithub,
  slack: () => slack,
  twilio: () => twilio,
  hubspot: () => hubspot,
  typeform: () => typeform,
  'standard webhooks': () => standardWebhooks,
  svix: () => svix,
  'another sender': () => generic,
};
