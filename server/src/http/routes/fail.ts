import { Type, type Static } from 'typebox';
import { answering, FinishAnswer } from '../answer-schemas.ts';
import { failRunAnswer, finishAnswer, type Answer } from '../answers.ts';
import { callerOf } from '../auth.ts';
import { FIELDS, optional } from '../request-fields.ts';
import { refusedAnswer, wantsOutcomes } from '../outcomes.ts';
import type { InvalidField } from '../refusal.ts';
import { sendAnswer, type App, type Services } from '../services.ts';

const FailBody = Type.Object({
  key: optional(FIELDS.key),
  lease_id: optional(FIELDS.leaseId),
  run: optional(FIELDS.run),
  error_code: FIELDS.errorCode,
  error_hash: optional(FIELDS.errorHash),
  retryable: optional(FIELDS.retryable),
  effect: optional(FIELDS.effect),
});

/** The work was not done: of one lease, or of all that a run still holds. */
export function failRoute(app: App, services: Services): void {
  const schema = {
    summary: 'The work was not done: of key and lease_id, or of everything that run holds',
    body: FailBody,
    response: answering(FinishAnswer),
  };
  app.post('/ai/fail', { schema, config: { rateLimit: 'exempt' } }, async (request, reply) => {
    const { tenant } = callerOf(request);
    return sendAnswer(reply, await fail(services, tenant, request.body, wantsOutcomes(request)));
  });
}

async function fail(
  { store, waiting }: Services,
  tenant: string,
  body: Static<typeof FailBody>,
  asOutcome: boolean,
): Promise<Answer> {
  const { key = null, lease_id: leaseId = null, run = null } = body;
  const failure = {
    tenant,
    errorCode: body.error_code,
    retryable: body.retryable ?? false,
    noEffect: body.effect === 'none',
  };
  if (run !== null && key === null && leaseId === null) {
    // Waiters find out by themselves, soon enough: which keys it were is not known here.
    return failRunAnswer(run, await store.claims.failRun({ ...failure, run }));
  }
  if (key === null || leaseId === null) {
    const missing = [...(key === null ? ['key'] : []), ...(leaseId === null ? ['lease_id'] : [])];
    return { status: 422, detail: missing.map(missingField) };
  }
  const outcome = await store.claims.fail({ ...failure, key, leaseId });
  if (outcome.outcome !== 'done') return refusedAnswer(key, outcome, asOutcome);
  waiting.changed(tenant, key);
  return finishAnswer(key, outcome);
}

function missingField(field: string): InvalidField {
  const msg = `${field} is missing; a failure names key and lease_id, or run alone.`;
  return { type: 'missing', loc: ['body', field], msg, input: null };
}
