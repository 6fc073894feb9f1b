import { shownSequence } from '@onceonly/shared/sequence.ts';
import { Type, type Static } from 'typebox';
import { LIMITS } from '@onceonly/shared/limits.ts';
import { whereOf } from '../../claims/events.ts';
import { hasDied, type ClaimRecord } from '../../claims/record.ts';
import type { ApiKey } from '../../api-keys.ts';
import { answering, ClearedAnswer, FinishAnswer, KeysAnswer } from '../answer-schemas.ts';
import { finishAnswer, iso, statusWord, type Answer } from '../answers.ts';
import { callerOf, requireOperator } from '../auth.ts';
import { resultOf } from '../documents.ts';
import { FIELDS, oneOf, optional, text } from '../request-fields.ts';
import { invalid, NOT_FOUND, type Refusal } from '../refusal.ts';
import { sendAnswer, type App, type Services } from '../services.ts';

/** How long one request searches for keys of a rare status. */
const SEARCH_MS = 5_000;

const STILL_LOOKING: Refusal = {
  status: 503,
  detail:
    'Among so many keys, none that fits was found in five seconds. Ask again, or name more of how the keys begin.',
  headers: { 'retry-after': '1' },
};

const STATES = ['in_progress', 'completed', 'failed', 'released', 'unresolved', 'died'] as const;

const KeysQuery = Type.Object({
  prefix: Type.Optional(text(LIMITS.keyCodePoints, 'How the keys begin.', 0)),
  status: Type.Optional(
    oneOf(
      STATES,
      'unresolved: the run died, and a person must decide. died: the run died, and the next one takes over.',
    ),
  ),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 500, description: 'At most so many; 50 if not said.' }),
  ),
  cursor: Type.Optional(text(4_096, 'From the page before.')),
});

const ResolveBody = Type.Object({
  key: FIELDS.key,
  version: Type.Integer({
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'As the person saw it.',
  }),
  outcome: oneOf(['completed', 'failed', 'released'], 'What came of the work.'),
  result: optional(FIELDS.result),
  retryable: optional(FIELDS.retryable),
  reason: optional(FIELDS.reason),
});

const ClearMarkBody = Type.Object({ group: FIELDS.group });

/** The routes that list keys and decide about them, for operators only. */
export function keyRoutes(app: App, services: Services): void {
  const listing = {
    summary: 'The keys, unordered; a page may be short or repeat a key, and is empty only after the last',
    querystring: KeysQuery,
    response: answering(KeysAnswer),
  };
  app.get('/keys', { schema: listing, onRequest: requireOperator }, async (request, reply) => {
    const { prefix = '', status = null, limit = 50, cursor = null } = request.query;
    const { tenant } = callerOf(request);
    const query = { tenant, prefix, status, limit };
    const until = performance.now() + SEARCH_MS;
    let page = await services.store.claims.list({ ...query, cursor });
    // Clients such as Make read pages until one is empty, so an empty page must not have a cursor.
    while (page.items.length === 0 && page.cursor !== null) {
      if (performance.now() > until) return sendAnswer(reply, STILL_LOOKING);
      page = await services.store.claims.list({ ...query, cursor: page.cursor });
    }
    const items = page.items.map(({ key, record }) => keyItem(key, record, page.now));
    return sendAnswer(reply, JSON.stringify({ items, cursor: page.cursor } satisfies KeysAnswer));
  });

  const resolving = {
    summary: "A person's word on a key; the lease in hand dies with it",
    body: ResolveBody,
    response: answering(FinishAnswer),
  };
  app.post('/keys/resolve', { schema: resolving, onRequest: requireOperator }, async (request, reply) =>
    sendAnswer(reply, await resolve(services, callerOf(request), request.body, request.bodyText)),
  );

  const clearing = {
    summary: 'Forgets what is completed in a group: its next change is done, however old it is',
    body: ClearMarkBody,
    response: answering(ClearedAnswer),
  };
  app.post('/groups/clear-mark', { schema: clearing, onRequest: requireOperator }, async (request, reply) => {
    const { group } = request.body;
    const outcome = await services.store.claims.clearMark({ tenant: callerOf(request).tenant, group });
    if (outcome.outcome === 'not_found') return sendAnswer(reply, NOT_FOUND);
    const newest = outcome.mark === null ? null : shownSequence(outcome.mark);
    const answer: ClearedAnswer = { ok: true, status: 'cleared', group, newest };
    return sendAnswer(reply, JSON.stringify(answer));
  });
}

async function resolve(
  { store, waiting }: Services,
  { tenant, id: by }: ApiKey,
  body: Static<typeof ResolveBody>,
  bodyText: string,
): Promise<Answer> {
  const { key, version, outcome: to } = body;
  // A field that does not fit the outcome is refused: if it were ignored, it would seem to have had an effect.
  if (to !== 'completed' && (body.result ?? null) !== null)
    return invalid('result', 'result goes with the outcome completed alone.', body.result);
  if (to !== 'failed' && body.retryable === true)
    return invalid('retryable', 'retryable goes with the outcome failed alone.', body.retryable);
  const kept = resultOf(body, bodyText);
  if ('status' in kept) return kept;
  const outcome = await store.claims.resolve({
    tenant,
    key,
    version,
    to,
    result: kept.result,
    retryable: body.retryable ?? false,
    reason: body.reason ?? null,
    by,
  });
  if (outcome.outcome === 'not_found') return NOT_FOUND;
  if (outcome.outcome === 'changed') {
    return { status: 409, detail: { error: 'changed', version: outcome.version } };
  }
  waiting.changed(tenant, key);
  return finishAnswer(key, outcome);
}

function keyItem(key: string, record: ClaimRecord, now: number) {
  return {
    key,
    ...statusWord(record, now),
    version: record.version,
    attempt: record.attempt,
    max_attempts: record.maxAttempts,
    on_expired: record.onExpired,
    run: record.run,
    ...whereOf(record.origin),
    error_code: record.errorCode,
    first_seen_at: iso(record.firstSeenAt),
    claimed_at: iso(record.claimedAt),
    expires_at: iso(record.expiresAt),
    has_died: hasDied(record, now),
    done_at: record.doneAt === null ? null : iso(record.doneAt),
  };
}
