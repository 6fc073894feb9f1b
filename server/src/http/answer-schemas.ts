import { Type, type Static, type TSchema } from 'typebox';
import { EVENT_TYPES } from '../claims/events.ts';
import type { ClaimState } from '../claims/record.ts';
import { oneOf } from './request-fields.ts';

/*
 * The schemas of answers. /openapi.json shows them, and the types of what `answers.ts` and the routes send follow from them.
 */

interface Types {
  readonly string: string;
  readonly integer: number;
  readonly object: object;
}

export const nullable = <K extends keyof Types>(type: K, description?: string) =>
  Type.Unsafe<Types[K] | null>({
    type: [type, 'null'],
    ...(description === undefined ? {} : { description }),
  });
export const date = nullable('string', 'ISO-8601, UTC');
export const ok = Type.Boolean();
const status = <const Status extends string>(...values: Status[]) => Type.Unsafe<Status>({ enum: values });

const IDEMPOTENCY_KEY = 'A UUID, the same for every attempt, for APIs that take one.';

const WHERE = {
  platform: nullable('string', 'Where the run is, as its claim said.'),
  workflow: nullable('string'),
};
const OF_RUN = {
  run: nullable('string'),
  ...WHERE,
  run_url: nullable('string', 'Where people see it.'),
};

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
  idempotency_key: Type.String({ description: IDEMPOTENCY_KEY }),
};

const FLAGS = {
  exhausted: Type.Boolean({ description: 'Given up after its last attempt.' }),
  unresolved: Type.Boolean({ description: 'Its run died, and a person must say whether the work was done.' }),
};

const MADE_FROM = Type.String({ description: 'What the key was made of, in words.' });

const WARNINGS = Type.Unsafe<readonly string[]>({
  type: 'array',
  items: { type: 'string' },
  description:
    'Paths in the content that makes the key whose names look like a time or a retry: if a resend changes them, leave them out.',
});

const Detail = Type.Union(
  [
    Type.String({ description: 'A sentence.' }),
    Type.Array(
      Type.Object({
        type: Type.String(),
        loc: Type.Array(Type.Union([Type.String(), Type.Integer()])),
        msg: Type.String(),
      }),
      { description: 'Invalid fields.' },
    ),
    Type.Object({ error: Type.String({ description: 'A word for programs.' }) }),
  ],
  { description: 'A sentence, a list of invalid fields, or an object with error.' },
);

export const ErrorAnswer = Type.Object({ detail: Detail });

const ItemError = Type.Object({ error: Type.Object({ status: Type.Integer(), detail: Detail }) });

/** Present only if the key was derived. */
const DERIVED_FROM = {
  source: Type.Optional(Type.String({ description: 'Where the key was derived: who was recognised.' })),
  made_from: Type.Optional(MADE_FROM),
  warnings: Type.Optional(WARNINGS),
  warning: Type.Optional(nullable('string', 'The same as a sentence.')),
  signature_checked: Type.Optional(Type.Boolean()),
};

export type LeaseAnswer = Static<typeof LeaseAnswer>;
export const LeaseAnswer = Type.Object({
  ok,
  // A mismatch is not here, since it is an error.
  status: status('acquired', 'in_progress', 'completed', 'failed', 'exhausted', 'unresolved', 'stale'),
  ...OF_RECORD,
  idempotency_key: nullable(
    'string',
    `${IDEMPOTENCY_KEY} Null where the group held the claim up or stopped it.`,
  ),
  usage: Type.Integer(),
  limit: nullable('integer'),
  charged: Type.Integer(),
  reentrant: Type.Boolean({ description: 'This holder had the lease already.' }),
  result: nullable('object'),
  busy: Type.Optional(status('group')),
  busy_key: Type.Optional(
    Type.String({ description: 'With busy: the key of the group that is at work, or waits for a person.' }),
  ),
  same_run: Type.Optional(
    Type.Boolean({
      description: 'With busy: the other key is of the run that asks, which would wait for itself.',
    }),
  ),
  newest: Type.Optional(Type.String({ description: 'With stale: the newest sequence that is completed.' })),
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

/** `released` is missing, since a released key cannot be read. */
const READ_STATUS = Type.Unsafe<ClaimState>({ enum: ['in_progress', 'completed', 'failed'] });

export type StatusAnswer = Static<typeof StatusAnswer>;
export const StatusAnswer = Type.Object({
  ok,
  status: READ_STATUS,
  ...OF_RECORD,
  ...FLAGS,
});

export type ResultAnswer = Static<typeof ResultAnswer>;
export const ResultAnswer = Type.Object({
  ok,
  status: READ_STATUS,
  key: Type.String(),
  result_hash: nullable('string'),
  error_code: nullable('string'),
  done_at: date,
  ...FLAGS,
  result: nullable('object'),
});

export type FinishAnswer = Static<typeof FinishAnswer>;
export const FinishAnswer = Type.Object({
  ok,
  status: Type.String({
    description: 'completed, failed, released or extended; with X-OnceOnly-Outcomes also a refusal.',
  }),
  key: Type.Optional(Type.String()),
  state: Type.Optional(
    Type.String({ description: "The record's own, after it or because of which it was refused." }),
  ),
  busy: Type.Optional(
    Type.Literal('group', {
      description: 'With lease_lost: nobody took the key, but another key was at work in its group since.',
    }),
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

export type CheckLockAnswer = Static<typeof CheckLockAnswer>;
export const CheckLockAnswer = Type.Object({
  success: Type.Boolean(),
  status: status('locked', 'duplicate'),
  key: Type.String(),
  ttl: Type.Integer(),
  first_seen_at: date,
  ...DERIVED_FROM,
});

/** In order, each item's answer is that of a single call, or its error. */
export const batchOf = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(Type.Union([item, ItemError])) });

export type EventsAnswer = Static<typeof EventsAnswer>;
export const EventsAnswer = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String({ description: 'Grows with time.' }),
      at: Type.String({ description: 'ISO-8601, UTC' }),
      type: oneOf(EVENT_TYPES, 'What happened.'),
      job: nullable('string', 'What stands before the first colon of the key.'),
      event_key: Type.String({ description: 'The key without its job.' }),
      key: Type.String(),
      shown_key: Type.String({ description: 'The key, safe to show within a sentence.' }),
      ...OF_RUN,
      shown_where: nullable('string', 'Platform and workflow, for a sentence: on n8n, in “Order intake”.'),
      attempt: Type.Integer(),
      first_seen_at: Type.String({ description: 'ISO-8601, UTC' }),
      error_code: nullable('string'),
      by: Type.Optional(nullable('string', 'To operators: the id of the API key that decided.')),
    }),
  ),
});

export type MetricsAnswer = Static<typeof MetricsAnswer>;
export const MetricsAnswer = Type.Object({
  from_day: Type.String(),
  to_day: Type.String(),
  items: Type.Array(
    Type.Object({
      day: Type.String(),
      counts: Type.Record(Type.String(), Type.Integer(), {
        description: 'By type; one that is missing is 0.',
      }),
    }),
  ),
});

export type JobsAnswer = Static<typeof JobsAnswer>;
export const JobsAnswer = Type.Object({
  since: nullable(
    'string',
    'How far back was looked: a bounded number of events. Null where nothing happened yet.',
  ),
  items: Type.Array(
    Type.Object({ job: nullable('string', 'Null: keys without a job.'), ...WHERE, count: Type.Integer() }),
  ),
});

export type KeysAnswer = Static<typeof KeysAnswer>;
export const KeysAnswer = Type.Object({
  items: Type.Array(
    Type.Object({
      key: Type.String(),
      status: status('in_progress', 'completed', 'failed', 'released'),
      ...FLAGS,
      version: Type.Integer(),
      attempt: Type.Integer(),
      max_attempts: nullable('integer'),
      on_expired: status('retry', 'block'),
      ...OF_RUN,
      error_code: nullable('string'),
      first_seen_at: Type.String(),
      claimed_at: Type.String(),
      expires_at: Type.String(),
      has_died: Type.Boolean({ description: 'The run died, and the next one takes over.' }),
      done_at: date,
    }),
  ),
  cursor: nullable('string', 'Of the next page; null after the last.'),
});

export type ClearedAnswer = Static<typeof ClearedAnswer>;
export const ClearedAnswer = Type.Object({
  ok,
  status: status('cleared'),
  group: Type.String(),
  newest: nullable('string', 'What had been completed; null where nothing had.'),
});

/** The responses of a route: the successful one, and the schema of every error. */
export const answering = <T>(good: T): { 200: T; '4xx': typeof ErrorAnswer; '5xx': typeof ErrorAnswer } => ({
  200: good,
  '4xx': ErrorAnswer,
  '5xx': ErrorAnswer,
});
