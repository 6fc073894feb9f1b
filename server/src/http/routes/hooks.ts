import { LIMITS } from '@onceonly/shared/limits.ts';
import { Type } from 'typebox';
import { EVENT_TYPES } from '../../claims/events.ts';
import type { ApiKey } from '../../api-keys.ts';
import type { Delivery, Hook, HookOwner } from '../../hooks/hook-store.ts';
import { hookUrlFault, MAX_URL_CHARACTERS } from '../../hooks/addresses.ts';
import { newHookId, newSecret } from '../../hooks/message.ts';
import { answering, date, nullable, ok } from '../answer-schemas.ts';
import { iso, isoOrNull } from '../answers.ts';
import { callerOf } from '../auth.ts';
import { oneOf, optional, text } from '../request-fields.ts';
import { wantsOutcomes } from '../outcomes.ts';
import { invalid, NOT_FOUND } from '../refusal.ts';
import { sendAnswer, type App, type Services } from '../services.ts';

const HookBody = Type.Object({
  url: text(MAX_URL_CHARACTERS, 'Where events are sent, by POST, signed as Standard Webhooks say.'),
  events: Type.Array(oneOf(EVENT_TYPES, 'What happens to a key.'), {
    minItems: 1,
    maxItems: EVENT_TYPES.length,
    description: 'Which events are sent.',
  }),
  job: optional(text(LIMITS.keyCodePoints, 'Only keys of this job; all keys if not said, or empty.', 0)),
});

const id = text(LIMITS.nameCodePoints, "The hook's.");
const OneHook = Type.Object({ id });
const LogQuery = Type.Object({
  id,
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 500, description: 'At most so many; 50 if not said.' }),
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

const HookAnswer = Type.Object({
  ok,
  ...OF_HOOK,
  secret: Type.String({ description: 'whsec_…: what its deliveries are signed with. Shown here only.' }),
});

const HooksAnswer = Type.Object({ items: Type.Array(Type.Object(OF_HOOK)) });

const DeliveriesAnswer = Type.Object({
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

const RemovedAnswer = Type.Object({
  ok,
  status: Type.String({ description: 'removed; with X-OnceOnly-Outcomes also not_found.' }),
  id: Type.Optional(Type.String()),
});

/** The routes for hooks. An operator key manages all hooks of its tenant, an automation key those that it created. */
export function hookRoutes(app: App, { store, hookPrivateAddresses }: Services): void {
  const creating = {
    summary: 'Sends events to a URL from now on; the secret is shown in this answer only',
    body: HookBody,
    response: answering(HookAnswer),
  };
  app.post('/hooks', { schema: creating }, async (request, reply) => {
    const { url, events, job } = request.body;
    const fault = hookUrlFault(url, { privateAddresses: hookPrivateAddresses });
    if (fault !== null) return sendAnswer(reply, invalid('url', fault, url, 'url_parsing'));
    const { tenant, id: createdBy } = callerOf(request);
    const secret = newSecret();
    const made = await store.hooks.create({
      id: newHookId(),
      tenant,
      createdBy,
      url,
      secret,
      events: EVENT_TYPES.filter((type) => events.includes(type)),
      job: job === '' ? null : (job ?? null),
    });
    if (made.outcome === 'too_many') {
      return sendAnswer(reply, { status: 409, detail: { error: 'too_many_hooks' } });
    }
    return sendAnswer(reply, JSON.stringify({ ok: true, ...shownHook(made.hook), secret }));
  });

  const listing = { summary: 'The hooks, the oldest first', response: answering(HooksAnswer) };
  app.get('/hooks', { schema: listing }, async (request, reply) => {
    const hooks = await store.hooks.list(ownerOf(callerOf(request)));
    return sendAnswer(reply, JSON.stringify({ items: hooks.map(shownHook) }));
  });

  const logging = {
    summary: 'What was and is to be sent to a hook, the newest event first',
    querystring: LogQuery,
    response: answering(DeliveriesAnswer),
  };
  app.get('/hooks/deliveries', { schema: logging }, async (request, reply) => {
    const { id, limit = 50 } = request.query;
    const log = await store.hooks.deliveries({ ...ownerOf(callerOf(request)), id, limit });
    if (log === null) return sendAnswer(reply, noHook(wantsOutcomes(request)));
    return sendAnswer(reply, JSON.stringify({ items: log.map(shownDelivery) }));
  });

  const removing = {
    summary: 'Ends a hook; what still waits for it is dropped',
    querystring: OneHook,
    response: answering(RemovedAnswer),
  };
  app.delete('/hooks', { schema: removing }, async (request, reply) => {
    const { id } = request.query;
    const removed = await store.hooks.remove({ ...ownerOf(callerOf(request)), id });
    if (!removed) return sendAnswer(reply, noHook(wantsOutcomes(request)));
    return sendAnswer(reply, JSON.stringify({ ok: true, status: 'removed', id }));
  });
}

const ownerOf = ({ tenant, id, role }: ApiKey): HookOwner => ({
  tenant,
  createdBy: role === 'operator' ? null : id,
});

const noHook = (asOutcome: boolean) =>
  asOutcome ? JSON.stringify({ ok: false, status: 'not_found' }) : NOT_FOUND;

function shownHook({ id, url, events, job, createdAt, disabledAt, disabledReason }: Hook) {
  return {
    id,
    url,
    events,
    job,
    created_at: iso(createdAt),
    disabled_at: isoOrNull(disabledAt),
    disabled_reason: disabledReason,
  };
}

function shownDelivery(delivery: Delivery) {
  return {
    event_id: String(delivery.eventId),
    type: delivery.eventType,
    key: delivery.key,
    at: iso(delivery.at),
    attempts: delivery.attempts,
    next_at: isoOrNull(delivery.nextAt),
    delivered_at: isoOrNull(delivery.deliveredAt),
    status_code: delivery.statusCode,
    error: delivery.error,
  };
}
