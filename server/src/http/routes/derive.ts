import { sources } from '@onceonly/shared/sources/index.ts';
import { answering, DerivedAnswer } from '../answer-schemas.ts';
import { callerOf } from '../auth.ts';
import { DeliveryBody } from '../derived.ts';
import { sendAnswer, type App, type Services } from '../services.ts';

/** POST /v1/keys/derive: derives the key of a webhook delivery, without claiming it. */
export function deriveRoute(app: App, { tasks }: Services): void {
  const schema = {
    summary: 'The key of a webhook, the same however often it is delivered; claims nothing',
    body: DeliveryBody,
    response: answering(DerivedAnswer),
  };
  app.post('/keys/derive', { schema }, async (request, reply) => {
    const derived = await tasks.run(callerOf(request).tenant, 'derive', request.bodyText);
    if ('status' in derived) return sendAnswer(reply, derived);
    const { source, keys, madeFrom, warnings, ignored } = derived;
    const only = keys.length === 1 ? keys[0] : null;
    const { label, docs } = sources.find(({ id }) => id === source) ?? {};
    const answer = {
      ok: true,
      source,
      source_label: label,
      docs,
      key: only?.key ?? null,
      fingerprint: only?.fingerprint ?? null,
      keys,
      made_from: madeFrom,
      warnings,
      ignored,
      signature_checked: typeof request.body.signing_secret === 'string',
    };
    return sendAnswer(reply, JSON.stringify(answer));
  });
}
