import { Type } from 'typebox';

/*
 * The shapes of answers, for /openapi.json. Answers are written by hand (see answers.ts), so nothing here decides
 * what is sent.
 */

const nullable = (type: 'string' | 'integer' | 'object', description?: string) =>
  Type.Unsafe<unknown>({ type: [type, 'null'], ...(description === undefined ? {} : { description }) });
const date = nullable('string', 'ISO-8601, UTC');
const ok = Type.Boolean();
const status = (...values: string[]) => Type.Unsafe<string>({ enum: values });

const OF_RECORD = {
  key: Type.String(),
  ttl: Type.Integer(),
  ttl_left: nullable('integer', 'Seconds until the lease of another holder ends, rounded up.'),
  lease_id: nullable('string', 'Given to its holder alone.'),
  version: Type.Integer(),
  first_seen_at: date,
  done_at: date,
  result_hash: nullable('string'),
  error_code: nullable('string'),
  retry_after_sec: nullable('integer'),
  attempt: Type.Integer(),
  expires_at: date,
  fence: Type.Integer({ description: 'Higher with every claim of the key, ever.' }),
  idempotency_key: Type.String({
    description: 'A UUID, the same for every attempt, for APIs that take one.',
  }),
};

const FLAGS = {
  exhausted: Type.Boolean({ description: 'Given up after its last attempt.' }),
  unresolved: Type.Boolean({ description: 'Its run died, and a person must say whether the work was done.' }),
};

const MADE_FROM = Type.String({ description: 'What the key was made of, in words.' });

const WARNINGS = Type.Array(Type.String(), {
  description:
    'Paths in the content that makes the key whose names look like a time or a retry: if a resend changes them, leave them out.',
});

/** Only where the key was derived. */
const DERIVED_FROM = {
  source: Type.Optional(Type.String({ description: 'Where the key was derived: who was recognised.' })),
  made_from: Type.Optional(MADE_FROM),
  warnings: Type.Optional(WARNINGS),
  warning: Type.Optional(nullable('string', 'The same as a sentence.')),
  signature_checked: Type.Optional(Type.Boolean()),
};

export const LeaseAnswer = Type.Object({
  ok,
  status: status('acquired', 'in_progress', 'completed', 'failed', 'exhausted', 'unresolved'),
  ...OF_RECORD,
  usage: Type.Integer(),
  limit: nullable('integer'),
  charged: Type.Integer(),
  reentrant: Type.Boolean({ description: 'This holder had the lease already.' }),
  result: nullable('object'),
  ...DERIVED_FROM,
});

export const DerivedAnswer = Type.Object({
  ok,
  source: Type.String({ description: 'Who was recognised.' }),
  source_label: Type.String(),
  docs: Type.String({ description: 'Where the sender says what stays the same.' }),
  key: nullable('string', 'Null where the delivery holds several events.'),
  fingerprint: nullable('string'),
  keys: Type.Array(Type.Object({ key: Type.String(), fingerprint: nullable('string') }), {
    description: 'One for each event of the delivery, in order.',
  }),
  made_from: MADE_FROM,
  warnings: WARNINGS,
  ignored: Type.Array(Type.String(), { description: 'Paths of leave_out that the payload has.' }),
  signature_checked: Type.Boolean(),
});

export const StatusAnswer = Type.Object({
  ok,
  status: status('in_progress', 'completed', 'failed'),
  ...OF_RECORD,
  ...FLAGS,
});

export const ResultAnswer = Type.Object({
  ok,
  status: status('in_progress', 'completed', 'failed'),
  key: Type.String(),
  result_hash: nullable('string'),
  error_code: nullable('string'),
  done_at: date,
  ...FLAGS,
  result: nullable('object'),
});

export const FinishAnswer = Type.Object({
  ok,
  status: Type.String({
    description: 'completed, failed, released or extended; with X-OnceOnly-Outcomes also a refusal.',
  }),
  key: Type.Optional(Type.String()),
  state: Type.Optional(
    Type.String({ description: "The record's own, after it or because of which it was refused." }),
  ),
  version: Type.Optional(Type.Integer()),
  ttl: Type.Optional(Type.Integer()),
  attempt: Type.Optional(Type.Integer()),
  done_at: Type.Optional(date),
  expires_at: Type.Optional(date),
  result_hash: Type.Optional(nullable('string')),
  error_code: Type.Optional(nullable('string')),
  retryable: Type.Optional(Type.Boolean()),
  reasoning_tokens: Type.Optional(
    nullable('integer', 'Of a result that was rejected as empty: what the model was paid for thinking.'),
  ),
  run: Type.Optional(Type.String()),
  count: Type.Optional(Type.Integer({ description: 'Keys that were failed with a run.' })),
});

export const CheckLockAnswer = Type.Object({
  success: Type.Boolean(),
  status: status('locked', 'duplicate'),
  key: Type.String(),
  ttl: Type.Integer(),
  first_seen_at: date,
  ...DERIVED_FROM,
});

export const BatchAnswer = Type.Object({
  items: Type.Array(
    Type.Unknown({ description: 'As for a single call, or {error:{status,detail}}; in order.' }),
  ),
});

const OF_HOOK = {
  id: Type.String(),
  url: Type.String(),
  events: Type.Array(Type.String()),
  job: nullable('string'),
  created_at: date,
  disabled_at: date,
  disabled_reason: nullable('string', 'Why nothing is sent any more, as a sentence.'),
};

export const HookAnswer = Type.Object({
  ok,
  ...OF_HOOK,
  secret: Type.String({ description: 'whsec_…: what its deliveries are signed with. Shown here only.' }),
});

export const HooksAnswer = Type.Object({ items: Type.Array(Type.Object(OF_HOOK)) });

export const DeliveriesAnswer = Type.Object({
  items: Type.Array(
    Type.Object({
      event_id: Type.String(),
      type: Type.String(),
      key: Type.String(),
      at: date,
      attempts: Type.Integer(),
      next_at: nullable('string', 'Null where it is over, or an earlier event of the key comes first.'),
      delivered_at: date,
      status_code: nullable('integer', 'Of the last attempt that was answered.'),
      error: nullable('string', 'Of the last attempt, if it failed.'),
    }),
  ),
});

export const RemovedAnswer = Type.Object({
  ok,
  status: Type.String({ description: 'removed; with X-OnceOnly-Outcomes also not_found.' }),
  id: Type.Optional(Type.String()),
});

export const ErrorAnswer = Type.Object({
  detail: Type.Unknown({ description: 'A sentence, a list of invalid fields, or an object with error.' }),
});

/** The answers of a route: what it says when all is well, and the shape of every error. */
export const answering = <T>(good: T): { 200: T; '4xx': typeof ErrorAnswer; '5xx': typeof ErrorAnswer } => ({
  200: good,
  '4xx': ErrorAnswer,
  '5xx': ErrorAnswer,
});
