import { LIMITS } from '@onceonly/shared/limits.ts';
import { Type, type Static } from 'typebox';
import { answering, FinishAnswer } from '../answer-schemas.ts';
import { extendAnswer, finishAnswer, type Answer } from '../answers.ts';
import { callerOf } from '../auth.ts';
import { resultOf } from '../documents.ts';
import { FIELDS, optional } from '../request-fields.ts';
import { refusedAnswer, wantsOutcomes } from '../outcomes.ts';
import { sendAnswer, type App, type Services } from '../services.ts';
import { failRoute } from './fail.ts';

/** The body of a completion, or an item of a batch. */
export const CompleteBody = Type.Object({
  key: FIELDS.key,
  lease_id: FIELDS.leaseId,
  result: optional(FIELDS.result),
  result_hash: optional(FIELDS.resultHash),
  reject_empty: optional(FIELDS.rejectEmpty),
  truncate_result: optional(FIELDS.truncateResult),
});
export type CompleteBody = Static<typeof CompleteBody>;

const ExtendBody = Type.Object({ key: FIELDS.key, lease_id: FIELDS.leaseId, ttl: optional(FIELDS.ttl) });
const CancelBody = Type.Object({
  key: FIELDS.key,
  lease_id: FIELDS.leaseId,
  reason: optional(FIELDS.reason),
});

/** The routes that end or extend a claim. */
export function finishRoutes(app: App, services: Services): void {
  const { claims } = services.store;
  const response = answering(FinishAnswer);
  const exempt = { rateLimit: 'exempt' } as const;

  const completing = { summary: 'The work is done', body: CompleteBody, response };
  const completes = { schema: completing, config: exempt, bodyLimit: LIMITS.batchBodyBytes };
  app.post('/ai/complete', completes, async (request, reply) => {
    const { tenant } = callerOf(request);
    return sendAnswer(
      reply,
      await complete(services, tenant, request.body, request.bodyText, wantsOutcomes(request)),
    );
  });

  failRoute(app, services);

  const extending = { summary: 'Holds the key for longer: ttl from now', body: ExtendBody, response };
  app.post('/ai/extend', { schema: extending, config: exempt }, async (request, reply) => {
    const { tenant } = callerOf(request);
    const { key, lease_id: leaseId, ttl } = request.body;
    const outcome = await claims.extend({ tenant, key, leaseId, ttlSeconds: ttl ?? null });
    if (outcome.outcome !== 'done')
      return sendAnswer(reply, refusedAnswer(key, outcome, wantsOutcomes(request)));
    services.waiting.changed(tenant, key);
    return sendAnswer(reply, extendAnswer(key, outcome));
  });

  const cancelling = { summary: 'Gives the key up without doing the work', body: CancelBody, response };
  app.post('/ai/cancel', { schema: cancelling }, async (request, reply) => {
    const { tenant } = callerOf(request);
    const { key, lease_id: leaseId, reason } = request.body;
    const outcome = await claims.cancel({ tenant, key, leaseId, reason: reason ?? null });
    if (outcome.outcome !== 'done')
      return sendAnswer(reply, refusedAnswer(key, outcome, wantsOutcomes(request)));
    services.waiting.changed(tenant, key);
    return sendAnswer(reply, finishAnswer(key, outcome));
  });
}

/** Completes one key, for a single call or an item of a batch. */
export async function complete(
  { store, waiting, tasks }: Services,
  tenant: string,
  body: CompleteBody,
  bodyText: string,
  asOutcome: boolean,
): Promise<Answer> {
  const { key } = body;
  const read = resultOf(body, bodyText);
  if ('status' in read) return read;
  const { sent, ...kept } = read;
  const rejectEmpty = body.reject_empty ?? false;
  const judged = rejectEmpty ? await tasks.run(tenant, 'judge', sent ?? 'null') : null;
  const outcome = await store.claims.complete({
    tenant,
    key,
    leaseId: body.lease_id,
    ...kept,
    rejectEmpty,
    resultEmpty: judged?.empty ?? false,
  });
  if (outcome.outcome !== 'done') return refusedAnswer(key, outcome, asOutcome);
  waiting.changed(tenant, key);
  return finishAnswer(key, outcome, judged?.reasoningTokens ?? null);
}
