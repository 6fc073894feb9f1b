import { Type } from 'typebox';
import { answering, ResultAnswer, StatusAnswer } from '../answer-schemas.ts';
import { resultAnswer, statusAnswer } from '../answers.ts';
import { callerOf } from '../auth.ts';
import { FIELDS } from '../request-fields.ts';
import { refusedAnswer, wantsOutcomes } from '../outcomes.ts';
import { sendAnswer, type App, type Services } from '../services.ts';

const ReadQuery = Type.Object({ key: FIELDS.key });

/** Reads the status and the result of a key without claiming it. */
export function readRoutes(app: App, { store }: Services): void {
  const forStatus = {
    summary: 'What came of a key',
    querystring: ReadQuery,
    response: answering(StatusAnswer),
  };
  app.get('/ai/status', { schema: forStatus }, async (request, reply) => {
    const { tenant } = callerOf(request);
    const { key } = request.query;
    const seen = await store.claims.read({ tenant, key });
    if (seen.outcome === 'not_found')
      return sendAnswer(reply, refusedAnswer(key, seen, wantsOutcomes(request)));
    return sendAnswer(reply, statusAnswer(tenant, key, seen.record, seen.now));
  });

  const forResult = {
    summary: 'The result of a key',
    querystring: ReadQuery,
    response: answering(ResultAnswer),
  };
  app.get('/ai/result', { schema: forResult }, async (request, reply) => {
    const { key } = request.query;
    const seen = await store.claims.read({ tenant: callerOf(request).tenant, key });
    if (seen.outcome === 'not_found')
      return sendAnswer(reply, refusedAnswer(key, seen, wantsOutcomes(request)));
    return sendAnswer(reply, resultAnswer(key, seen.record, seen.now));
  });
}
