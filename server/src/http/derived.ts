import type { Fault } from '@onceonly/shared/sources/delivery.ts';
import { deriveKeys, type Derived } from '@onceonly/shared/sources/derive.ts';
import { sources, type SourceId } from '@onceonly/shared/sources/index.ts';
import { LIMITS } from '@onceonly/shared/limits.ts';
import { whyNamesNothing } from '@onceonly/shared/names-nothing.ts';
import { Type, type Static } from 'typebox';
import { anyJson, oneOf, optional, text } from './request-fields.ts';
import { rawMember } from './raw-json.ts';
import { count, invalid, type Refusal } from './refusal.ts';

const SIGNATURE_MAX_AGE_SECONDS = { min: 1, max: LIMITS.retentionSeconds.default, default: 300 } as const;

/** The fields from which a key is derived: a webhook delivery, and its sender. */
export const DELIVERY_FIELDS = {
  source: optional(
    oneOf<SourceId | 'detect'>(
      ['detect', ...sources.map(({ id }) => id)],
      'Who sent the delivery; detect, if not said, recognises the sender by it.',
    ),
  ),
  job: optional(
    text(LIMITS.nameCodePoints, 'The name of the job; stands in front of the key, with a colon. No colons.'),
  ),
  payload: Type.Optional(
    anyJson({
      description: 'The body of the delivery, parsed, or its text as it came, which a signature needs.',
    }),
  ),
  headers: Type.Optional(
    Type.Unsafe<unknown>({
      type: ['object', 'array', 'null'],
      maxItems: 500,
      description: 'The headers of the delivery: an object, or a list of {name, value}.',
    }),
  ),
  fields: Type.Optional(
    Type.Array(text(LIMITS.noteCodePoints, 'A path in the payload, such as order.id.'), {
      minItems: 1,
      maxItems: 20,
      description: 'What of the payload tells one event from another; with the source generic only.',
    }),
  ),
  leave_out: Type.Optional(
    Type.Array(text(LIMITS.noteCodePoints, 'A path in the payload, such as meta.attempt.'), {
      maxItems: 20,
      description:
        'What of the payload a resend changes, and does not count where its content makes the key: with the source generic, or detect.',
    }),
  ),
  signing_secret: optional(
    text(
      512,
      'What the sender signs with. A delivery that was not signed with it has no key. It is not kept.',
    ),
  ),
  signature_max_age: optional(
    Type.Integer({
      minimum: SIGNATURE_MAX_AGE_SECONDS.min,
      maximum: SIGNATURE_MAX_AGE_SECONDS.max,
      description: `Seconds that a signed time may be away; ${count(SIGNATURE_MAX_AGE_SECONDS.default)} if not said.`,
    }),
  ),
  url: optional(text(2_048, 'Where the delivery was sent to, for senders that sign the address.')),
  method: optional(text(16, 'How it was sent; POST if not said.')),
} as const;

export const DeliveryBody = Type.Object(DELIVERY_FIELDS);
export type DeliveryBody = Static<typeof DeliveryBody>;

/** Derives the keys of the delivery in a request, or says why it has none. Needs the request's text, since parsed numbers may be inexact. */
export function derive(body: DeliveryBody, bodyText: string, now: number): Derived | Refusal {
  const { payload, job } = body;
  const nothing = isGiven(job) ? whyNamesNothing(job) : null;
  if (nothing !== null) return invalid('job', `job ${nothing}`, job);
  // The payload's text keeps ids exact that do not fit into a double. With a signing secret, the parsed payload is passed on
  // instead: the signature covers the original text, and the check can say that it is missing.
  const readsExactly = isGiven(payload) && typeof payload !== 'string' && !isGiven(body.signing_secret);
  const given = {
    headers: body.headers,
    payload: readsExactly ? rawMember(bodyText, 'payload') : payload,
    ...(isGiven(body.url) && { url: body.url }),
    ...(isGiven(body.method) && { method: body.method }),
  };
  const derived = deriveKeys(given, {
    source: body.source ?? undefined,
    job: body.job ?? undefined,
    fields: body.fields,
    leaveOut: body.leave_out,
    signing: isGiven(body.signing_secret)
      ? {
          secret: body.signing_secret,
          now,
          maxAgeMs: (body.signature_max_age ?? SIGNATURE_MAX_AGE_SECONDS.default) * 1_000,
        }
      : undefined,
  });
  return 'field' in derived ? refusalOf(derived) : derived;
}

const isGiven = <T>(value: T): value is NonNullable<T> => value !== undefined && value !== null;

/** Shows nothing of what was sent, since that may be a secret. */
const refusalOf = ({ field, message }: Fault): Refusal => invalid(field, message, null);
