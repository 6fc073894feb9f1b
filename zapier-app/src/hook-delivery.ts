import { isSigned, readBody, readHookDelivery, type Trigger, type TriggerOutputs } from '@onceonly/shared';
import type { Bundle, ZObject } from 'zapier-platform-core';
import { notSigned } from './end-of-run.ts';

/**
 * What a hook's URL at Zapier has received, and Zapier has answered with 200 already. Zapier hands it to a trigger's
 * `perform` in `bundle.rawRequest`: the body in `content` as the text that came, and headers under other names, so that
 * `webhook-id` is `Http-Webhook-Id` there. `bundle.subscribeData` is what `performSubscribe` gave.
 */
type Received = Pick<Bundle, 'rawRequest' | 'subscribeData'>;

/** Zapier may keep what it received for hours before it runs, and does not say since when: what is signed is not lost. */
const LONGEST_KEPT_MS = 24 * 3_600_000;

/**
 * The events that a delivery starts the Zap with: its own, or none if it is of another type. Halts where the hook's
 * server has not signed it: whoever learns the URL starts nothing, and cannot have the Zap turned off by errors.
 */
export function readReceived(
  errors: ZObject['errors'],
  trigger: Trigger,
  { rawRequest, subscribeData }: Received,
): TriggerOutputs[] {
  const body = rawRequest?.content ?? '';
  const headers = ownNames(rawRequest?.headers ?? {});
  const check = { secret: secretOf(subscribeData), now: Date.now(), toleranceMs: LONGEST_KEPT_MS };
  if (!isSigned({ headers, body }, check)) throw notSigned(errors);
  const outputs = readHookDelivery(trigger, readBody(body));
  return outputs === undefined ? [] : [outputs];
}

const ownNames = (headers: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.replace(/^http-/i, ''), value]));

const secretOf = (subscribed: Readonly<Record<string, unknown>> = {}): string =>
  typeof subscribed['secret'] === 'string' ? subscribed['secret'] : '';
