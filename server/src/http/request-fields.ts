import { LIMITS } from '@onceonly/shared/limits.ts';
import { RUN_URL } from '@onceonly/shared/origin.ts';
import { SEQUENCE_FORMS } from '@onceonly/shared/sequence.ts';
import { Type, type Static, type TSchema } from 'typebox';
import { count } from './refusal.ts';

/** Text without NUL and lone surrogates. JSON Schema reads patterns with the `u` flag. */
const WHOLE_CHARACTERS = '^[^\\u0000\\ud800-\\udfff]*$';

/** A text of at most `maxLength` code points, without NUL and lone surrogates. */
export function text(maxLength: number, description: string, minLength = 1) {
  return Type.String({ minLength, maxLength, pattern: WHOLE_CHARACTERS, description });
}

/** The same check for a value that no schema has validated. */
export const isText = (value: unknown, maxLength: number): value is string =>
  typeof value === 'string' &&
  new RegExp(WHOLE_CHARACTERS, 'u').test(value) &&
  Array.from(value).length <= maxLength;

/** The field may be missing, or null, which means the same. */
export function optional<T extends TSchema>(schema: T) {
  const known = schema as { type?: string | readonly string[]; enum?: readonly unknown[] };
  const nullable = known.enum ? { enum: [...known.enum, null] } : { type: [known.type, 'null'].flat() };
  return Type.Optional(Type.Unsafe<Static<T> | null>({ ...schema, ...nullable }));
}

/** One of these words. */
export function oneOf<const V extends string>(values: readonly V[], description: string) {
  return Type.Unsafe<V>({ enum: values, description });
}

/** Any value. It is validated elsewhere. */
export const anyJson = (options: object) =>
  Type.Unsafe<unknown>({ type: ['string', 'number', 'boolean', 'object', 'array', 'null'], ...options });

/** An object with any members. */
const anyObject = (description: string) => Type.Object({}, { description });

const { ttlSeconds, retentionSeconds, maxAttempts, waitSeconds } = LIMITS;

/** The fields of requests. */
export const FIELDS = {
  key: text(
    LIMITS.keyCodePoints,
    'What tells one event from another. To claim one of nothing but blanks and punctuation, alone or after the job, is refused; so is one that holds a template ({{…}}, [object Object]).',
  ),
  ttl: Type.Integer({
    minimum: ttlSeconds.min,
    maximum: ttlSeconds.max,
    description: `Seconds until another run may take over; ${count(ttlSeconds.default)} if not said.`,
  }),
  metadata: anyObject(`Kept with the key; at most ${count(LIMITS.metadataBytes)} bytes as JSON.`),
  holder: text(
    LIMITS.nameCodePoints,
    'One run of one step: asking again with the same holder finds the same lease. Never derived from the event, never the key.',
  ),
  run: text(LIMITS.nameCodePoints, 'The run as a whole, so that all that it holds can be failed at once.'),
  origin: Type.Object(
    {
      platform: text(LIMITS.nameCodePoints, 'n8n, zapier, make, or another name.'),
      workflow: optional(text(LIMITS.nameCodePoints, 'The workflow, Zap or scenario, as people call it.')),
      url: optional(
        Type.String({
          maxLength: LIMITS.urlCodePoints,
          pattern: RUN_URL,
          description: 'Where people see this run.',
        }),
      ),
    },
    {
      description: 'Where the run is. It decides nothing: people are shown it with what happens to the key.',
    },
  ),
  fingerprint: text(LIMITS.nameCodePoints, 'Two different ones for the same key are refused.'),
  group: text(
    LIMITS.keyCodePoints,
    'What must not be worked on at the same time: while another key of the group is at work, this one is told in_progress with busy "group". A claim that names none counts as naming the one that its key has.',
  ),
  sequence: Type.Unsafe<string | number>({
    type: ['string', 'number'],
    maxLength: 64,
    description: `The place of this change in its group, ${SEQUENCE_FORMS}: once a newer one is completed, an older one is told stale. A fraction of a second does not count, and a date without a zone is UTC.`,
  }),
  maxAttempts: Type.Integer({
    minimum: maxAttempts.min,
    maximum: maxAttempts.max,
    description: 'After so many attempts the key is given up.',
  }),
  retention: Type.Integer({
    minimum: retentionSeconds.min,
    maximum: retentionSeconds.max,
    description: `Seconds that a finished key is remembered; ${count(retentionSeconds.default)} if not said.`,
  }),
  onExpired: oneOf(
    ['retry', 'block'],
    'When a lease ends unfinished: retry lets the next claim take over, block asks a person.',
  ),
  wait: Type.Number({
    minimum: waitSeconds.min,
    maximum: waitSeconds.max,
    description: 'Seconds to wait for another holder to finish; needs holder.',
  }),
  triesAgain: Type.Boolean({
    description:
      'Told in_progress, this run asks again later: it is not counted or told as a duplicate until it is stopped.',
  }),
  watch: Type.Boolean({
    description:
      'The run goes on whatever it is told: what would have stopped it is told as the event watched, and counts as no duplicate.',
  }),
  leaseId: text(LIMITS.noteCodePoints, 'From the claim.'),
  result: anyObject(
    `What came of the work, kept as it is sent; at most ${count(LIMITS.resultBytes)} bytes as JSON.`,
  ),
  resultHash: text(LIMITS.noteCodePoints, 'A hash of the result, kept with it.', 0),
  rejectEmpty: Type.Boolean({ description: 'An empty result fails the key, so that it may be tried again.' }),
  truncateResult: Type.Boolean({
    description: `A result of more than ${count(LIMITS.resultBytes)} bytes is judged whole, and {"truncated":true} kept in its place, with its SHA-256 as result_hash unless one was sent. Without it, such a result is refused.`,
  }),
  errorCode: text(LIMITS.noteCodePoints, 'What went wrong.'),
  errorHash: text(LIMITS.noteCodePoints, 'Accepted for the sake of hosted clients; not kept.', 0),
  retryable: Type.Boolean({ description: 'Whether the next claim may try again; false if not said.' }),
  effect: oneOf(
    ['none', 'unknown'],
    'none: the provider certainly did nothing, so the next attempt gets another idempotency key.',
  ),
  reason: text(LIMITS.noteCodePoints, 'Why, for whoever looks at the key later.', 0),
} as const;
