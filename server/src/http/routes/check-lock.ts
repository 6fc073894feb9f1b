import { LIMITS } from '@onceonly/shared/limits.ts';
import { Type, type Static } from 'typebox';
import type { ApiKey } from '../../api-keys.ts';
import { answering, CheckLockAnswer } from '../answer-schemas.ts';
import { lockAnswer, type Answer } from '../answers.ts';
import { callerOf } from '../auth.ts';
import { DELIVERY_FIELDS } from '../derived.ts';
import { metadataOf, originOf } from '../documents.ts';
import { anyJson, FIELDS, optional } from '../request-fields.ts';
import { invalid } from '../refusal.ts';
import { withKey } from '../keyed-claim.ts';
import { sendAnswer, type App, type Services } from '../services.ts';
import { holderIsKey } from './lease.ts';

const CheckLockBody = Type.Object({
  key: Type.Optional(FIELDS.key),
  ttl: optional(FIELDS.ttl),
  metadata: optional(FIELDS.metadata),
  holder: optional(FIELDS.holder),
  origin: optional(FIELDS.origin),
  fingerprint: Type.Optional(anyJson({ deprecated: true })),
  group: Type.Optional(anyJson({ deprecated: true })),
  sequence: Type.Optional(anyJson({ deprecated: true })),
  max_attempts: Type.Optional(anyJson({ deprecated: true })),
  on_expired: Type.Optional(anyJson({ deprecated: true })),
  ...DELIVERY_FIELDS,
});

/** Options that make a claim safer. A lock does not support them, and must refuse rather than ignore them. */
const NOT_FOR_LOCKS = ['fingerprint', 'group', 'sequence', 'max_attempts', 'on_expired'] as const;

/** POST /v1/check-lock, with X-OnceOnly-Status. */
export function checkLockRoute(app: App, services: Services): void {
  const schema = {
    summary: 'First seen, or a duplicate until ttl has passed',
    body: CheckLockBody,
    response: answering(CheckLockAnswer),
  };
  app.post('/check-lock', { schema }, async (request, reply) => {
    const answer = await checkLock(services, callerOf(request), request.body, request.bodyText);
    if (typeof answer === 'string') return sendAnswer(reply, answer);
    if ('locked' in answer) {
      const result = answer.locked ? 'locked' : 'duplicate';
      services.claimed(result, request);
      reply.header('x-onceonly-status', result);
      return sendAnswer(reply, answer.text);
    }
    return sendAnswer(reply, answer);
  });
}

type LockAnswer = Answer | { readonly locked: boolean; readonly text: string };

async function checkLock(
  { store, tasks }: Services,
  { tenant }: ApiKey,
  body: Static<typeof CheckLockBody>,
  bodyText: string,
): Promise<LockAnswer> {
  const unkept = NOT_FOR_LOCKS.find((field) => (body[field] ?? null) !== null);
  if (unkept !== undefined) {
    return invalid(unkept, `${unkept} works with leases (POST /v1/ai/lease) only.`, body[unkept]);
  }
  const keyed = await withKey(tasks, tenant, { ...body, fingerprint: null }, bodyText);
  if (!('item' in keyed)) return keyed;
  const { key, holder = null, derivedFrom } = keyed.item;
  if (holder === key) return holderIsKey(holder);
  const metadata = metadataOf(body, bodyText);
  if (metadata !== null && typeof metadata !== 'string') return metadata;
  const outcome = await store.claims.lock({
    tenant,
    key,
    holder,
    ttlSeconds: body.ttl ?? LIMITS.ttlSeconds.default,
    metadata,
    origin: originOf(body),
  });
  return { locked: outcome.outcome === 'locked', text: lockAnswer(key, outcome, derivedFrom) };
}
