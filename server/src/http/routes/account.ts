import { LIMITS } from '@onceonly/shared/limits.ts';
import { DERIVATIONS } from '@onceonly/shared/sources/derive.ts';
import { Type } from 'typebox';
import { answering } from '../answer-schemas.ts';
import { callerOf } from '../auth.ts';
import { oneOf } from '../request-fields.ts';
import { sendAnswer, type App, type Services } from '../services.ts';

/** The plan of every account on this server. */
export const PLAN = 'self-hosted';

/** What this server supports beyond the hosted API. Clients refuse an option whose capability is missing. */
export const CAPABILITIES = [
  'holder',
  'run',
  'fingerprint',
  'max_attempts',
  'retention',
  'on_expired',
  'wait',
  'outcomes_200',
  'batch',
  'reject_empty',
  'truncate_result',
  'retryable',
  'effect',
  'idempotency_key',
  'keys',
  'resolve',
  'hooks',
  'derive',
  'make',
  'groups',
  'watch',
  'origin',
] as const;

const MeQuery = Type.Object({
  derivation: Type.Optional(
    Type.String({
      description:
        'By which version the caller derives keys of webhooks; the answer’s derivation_known says whether the server does too.',
    }),
  ),
});

const UsageQuery = Type.Object({ kind: Type.Optional(oneOf(['make', 'ai'], 'make: locks; ai: leases.')) });

const anyAnswer = answering(Type.Object({}, { additionalProperties: true }));

/** The owner of an API key, the capabilities of the server, and the usage. */
export function accountRoutes(app: App, { store }: Services): void {
  app.get(
    '/me',
    {
      schema: {
        summary: 'Whose key this is, and what the server can do',
        querystring: MeQuery,
        response: anyAnswer,
      },
    },
    async (request, reply) => {
      const { tenant, role, id } = callerOf(request);
      const { derivation } = request.query;
      const me = {
        plan: PLAN,
        tenant,
        role,
        key_id: id,
        capabilities: CAPABILITIES,
        derivations: DERIVATIONS,
        ...(derivation !== undefined && { derivation_known: DERIVATIONS.includes(Number(derivation)) }),
        durability: store.durability,
        limits,
      };
      return sendAnswer(reply, JSON.stringify(me));
    },
  );

  const one = { summary: 'What was charged this month', querystring: UsageQuery, response: anyAnswer };
  app.get('/usage', { schema: one }, async (request, reply) => {
    const { kind = 'make' } = request.query;
    const usage = await store.claims.usage(callerOf(request).tenant);
    const answer = { kind, plan: PLAN, usage: usage[kind], limit: null, period: usage.month };
    return sendAnswer(reply, JSON.stringify(answer));
  });

  app.get(
    '/usage/all',
    { schema: { summary: 'All that was charged this month', response: anyAnswer } },
    async (request, reply) => {
      const { make, ai, month } = await store.claims.usage(callerOf(request).tenant);
      const of = (usage: number) => ({ usage, limit: null });
      return sendAnswer(reply, JSON.stringify({ plan: PLAN, period: month, make: of(make), ai: of(ai) }));
    },
  );
}

const limits = {
  key_characters: LIMITS.keyCodePoints,
  body_bytes: LIMITS.bodyBytes,
  batch_body_bytes: LIMITS.batchBodyBytes,
  batch_items: LIMITS.batchItems,
  result_bytes: LIMITS.resultBytes,
  metadata_bytes: LIMITS.metadataBytes,
  ttl_seconds: LIMITS.ttlSeconds,
  retention_seconds: LIMITS.retentionSeconds,
  max_attempts: LIMITS.maxAttempts,
  wait_seconds: LIMITS.waitSeconds,
};
