import { LIMITS } from '@onceonly/shared/limits.ts';
import { readSequence, SEQUENCE_FORMS } from '@onceonly/shared/sequence.ts';
import { Type, type Static } from 'typebox';
import type { Claim, Of } from '../../claims/commands.ts';
import { resultOfClaim } from '../../telemetry.ts';
import { answering, LeaseAnswer } from '../answer-schemas.ts';
import { groupAnswer, leaseAnswer, type Answer } from '../answers.ts';
import { callerOf } from '../auth.ts';
import { withKey, type DerivedFrom, type Keyed } from '../keyed-claim.ts';
import { DELIVERY_FIELDS } from '../derived.ts';
import { metadataOf, originOf } from '../documents.ts';
import { FIELDS, optional } from '../request-fields.ts';
import { mismatchAnswer, wantsOutcomes } from '../outcomes.ts';
import { invalid, type Refusal } from '../refusal.ts';
import { sendAnswer, type App, type Services } from '../services.ts';

/** The body of a claim, or an item of a batch. It has a key, or a webhook delivery from which the key is derived. */
export const LeaseBody = Type.Object({
  key: Type.Optional(FIELDS.key),
  ttl: optional(FIELDS.ttl),
  metadata: optional(FIELDS.metadata),
  holder: optional(FIELDS.holder),
  run: optional(FIELDS.run),
  origin: optional(FIELDS.origin),
  fingerprint: optional(FIELDS.fingerprint),
  group: optional(FIELDS.group),
  sequence: optional(FIELDS.sequence),
  max_attempts: optional(FIELDS.maxAttempts),
  retention: optional(FIELDS.retention),
  on_expired: optional(FIELDS.onExpired),
  wait: optional(FIELDS.wait),
  tries_again: optional(FIELDS.triesAgain),
  watch: optional(FIELDS.watch),
  ...DELIVERY_FIELDS,
});
export type LeaseBody = Static<typeof LeaseBody>;

/** POST /v1/ai/lease. It may wait for another run. */
export function leaseRoute(app: App, services: Services): void {
  const schema = {
    summary: 'Claims a key: one holder acquires it, everyone else is told what came of it',
    body: LeaseBody,
    response: answering(LeaseAnswer),
  };
  app.post('/ai/lease', { schema }, async (request, reply) => {
    const { tenant } = callerOf(request);
    const keyed = await withKey(services.tasks, tenant, request.body, request.bodyText);
    if (!('item' in keyed)) return sendAnswer(reply, keyed);
    const body = keyed.item;
    const claim = readClaim(tenant, body, request.bodyText);
    if ('status' in claim) return sendAnswer(reply, claim);
    const waitMs = (body.wait ?? 0) * 1_000;
    const outcome =
      waitMs > 0
        ? await services.waiting.claim(claim, waitMs, closed(reply.raw))
        : await services.store.claims.claim(claim);
    services.claimed(resultOfClaim(outcome), request);
    return sendAnswer(reply, claimAnswer(claim, outcome, wantsOutcomes(request), body.derivedFrom));
  });
}

/** Reads a claim from a body, or refuses it. */
export function readClaim(tenant: string, body: Keyed<LeaseBody>, bodyText: string): Of<Claim> | Refusal {
  const { key, holder = null } = body;
  if (holder === key) return holderIsKey(holder);
  if ((body.wait ?? 0) > 0 && holder === null) {
    return invalid(
      'wait',
      'wait needs holder, so that asking again finds the lease that was waited for.',
      body.wait,
    );
  }
  const { sequence: sent = null, group = null } = body;
  const sequence = sent === null ? null : readSequence(sent);
  if (sent !== null && sequence === null) {
    return invalid('sequence', `sequence must be ${SEQUENCE_FORMS}.`, sent);
  }
  if (sequence !== null && group === null) {
    return invalid('group', 'group must say in what the sequence counts.', null);
  }
  const metadata = metadataOf(body, bodyText);
  if (metadata !== null && typeof metadata !== 'string') return metadata;
  return {
    tenant,
    key,
    holder,
    run: body.run ?? null,
    ttlSeconds: body.ttl ?? LIMITS.ttlSeconds.default,
    retentionSeconds: body.retention ?? null,
    onExpired: body.on_expired ?? null,
    maxAttempts: body.max_attempts ?? null,
    fingerprint: body.fingerprint ?? null,
    group,
    sequence,
    metadata,
    origin: originOf(body),
    triesAgain: body.tries_again ?? false,
    watch: body.watch ?? false,
  };
}

type Outcome = Awaited<ReturnType<Services['store']['claims']['claim']>>;

/** The answer to a claim. A mismatch is a refusal. */
export function claimAnswer(
  claim: Of<Claim>,
  outcome: Outcome,
  asOutcome: boolean,
  derivedFrom: DerivedFrom | null,
): Answer {
  switch (outcome.outcome) {
    case 'fingerprint_mismatch':
    case 'group_mismatch':
    case 'sequence_ahead':
    case 'sequence_kind':
      return mismatchAnswer(claim.key, outcome.outcome, asOutcome);
    case 'busy':
    case 'stale':
      return groupAnswer(claim, outcome, derivedFrom ?? {});
  }
  // The holder that completed the key asks again, because its answer was lost.
  const isOwn =
    outcome.outcome === 'completed' && claim.holder !== null && outcome.record.holder === claim.holder;
  return leaseAnswer(claim.tenant, claim.key, outcome, { ...derivedFrom, ...(isOwn && { reentrant: true }) });
}

/** Refuses a holder that is the key: every run would then seem to be the same holder, and would get the lease. */
export function holderIsKey(holder: string): Refusal {
  return invalid(
    'holder',
    'holder must name one run of one step and must not be the key itself, or every run would take itself for the first.',
    holder,
  );
}

/** A signal that aborts when the connection closes before the answer was sent. */
function closed(response: NodeJS.EventEmitter & { readonly destroyed: boolean }): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed) gone.abort();
  response.once('close', () => {
    gone.abort();
  });
  return gone.signal;
}
