import { generic } from './generic.ts';
import { github } from './github.ts';
import { hubspot } from './hubspot.ts';
import { shopify } from './shopify.ts';
import { slack } from './slack.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { stripe } from './stripe.ts';
import { twilio } from './twilio.ts';
import { typeform } from './typeform.ts';

/** Every source, in the order in which a delivery is held against them: the first that recognises it counts. */
export const sources = [
  stripe,
  shopify,
  github,
  slack,
  twilio,
  hubspot,
  typeform,
  standardWebhooks,
  generic,
] as const;

export type SourceId = (typeof sources)[number]['id'];
