import {
  operations,
  readToken,
  STOPPED,
  type Json,
  type OperationId,
  type Trigger,
  type TriggerId,
} from '@onceonly/shared';
import { readSwitch } from '@onceonly/shared/inputs.ts';
import { asText } from '@onceonly/shared/json.ts';
import { LIMITS } from '@onceonly/shared/limits.ts';
import { operationsAsShown, triggersAsShown } from '@onceonly/shared/sentence-case.ts';
import { readEvent } from '@onceonly/shared/triggers/read-event.ts';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { shownEvent, type EventType } from '../../claims/events.ts';
import { answering } from '../answer-schemas.ts';
import { callerOf } from '../auth.ts';
import { anyJson, isText, text } from '../request-fields.ts';
import { createMakeClient, ENDS_ON_MAKE, forMake, makeError } from '../make-client.ts';
import { count } from '../refusal.ts';
import { sendAnswer, type App, type Services } from '../services.ts';

const Inputs = Type.Object({
  inputs: Type.Object(
    {},
    { additionalProperties: true, description: 'The fields of the module, as entered.' },
  ),
});
const Key = Type.Object({ key: text(LIMITS.keyCodePoints, 'Job and key, with a colon in between.') });
const Event = Type.Object({
  trigger: text(40, 'Its id, such as runDied.'),
  key: Type.Optional(anyJson({ description: "The event's key, job and all, as it was delivered." })),
  id: Type.Optional(anyJson({ description: "The event's, as it was delivered." })),
});

const Answer = answering(
  Type.Object({
    ok: Type.Literal(true),
    items: Type.Array(anyJson({ description: 'The outputs of the module.' }), {
      description: 'The bundles: one, or none where the route ends here.',
    }),
    message: anyJson({ description: 'What happened, also where there is no bundle to say it.' }),
  }),
);

/** Make repeats a module whose answer was lost, perhaps with another Execution ID. */
const PERHAPS_ITSELF =
  ' If that was this run, and its first answer was lost, nobody does the work. Your OnceOnly server then tells of a run that died, once Hold for is over.';

type Given = Readonly<Record<string, unknown>>;

const PROLONGS_OR_ENDS: readonly OperationId[] = ['completeKey', 'failKey', 'extendClaim'];

/** Events of one kind and key among which a delivered one is looked for. */
const RECENT = 1_000;

/** What the modules of the Make app are answered with: bundles to pass on, or an error whose type Make knows. */
export function makeRoutes(app: App, services: Services, deadlineMs?: number): void {
  const clientOf = (request: FastifyRequest) => {
    const { tenant } = callerOf(request);
    return createMakeClient(app, request.headers.authorization, { ...services, tenant, deadlineMs });
  };

  const running = { body: Inputs, response: Answer };
  for (const id of Object.keys(operations) as OperationId[]) {
    if (operations[id].kind === 'lookup') continue;
    const schema = { ...running, summary: `${operationsAsShown[id].label} of the Make app` };
    // What the client sends from here is counted as all requests are; what ends or prolongs a claim is never refused.
    const config = PROLONGS_OR_ENDS.includes(id) ? { rateLimit: 'exempt' as const } : {};
    app.post(`/make/${id}`, { schema, config }, async (request, reply) => {
      const answer = await forMake(() => run(clientOf(request), id, { ...request.body.inputs }));
      return sendAnswer(reply, JSON.stringify(answer));
    });
  }

  const looking = { summary: 'Get key status of the Make app', querystring: Key, response: Answer };
  app.get('/make/getKey', { schema: looking }, async (request, reply) => {
    const [job, ...key] = request.query.key.split(':');
    const answer = await forMake(() => run(clientOf(request), 'getKey', { job, key: key.join(':') }));
    return sendAnswer(reply, JSON.stringify(answer));
  });

  const reading = {
    summary: 'The event that a trigger of the Make app was told of',
    body: Event,
    response: answering(
      Type.Object({ ok: Type.Literal(true), event: anyJson({ description: 'As the trigger shows it.' }) }),
    ),
  };
  app.post('/make/event', { schema: reading }, async (request, reply) => {
    const { trigger: name, key, id } = request.body;
    const trigger = isTrigger(name) ? triggersAsShown[name] : undefined;
    if (trigger === undefined) {
      throw makeError('DataError', 'no_trigger', 'The OnceOnly server is older than this app: update it.');
    }
    const type = trigger.event as EventType;
    const recent = isText(key, LIMITS.keyCodePoints)
      ? await services.store.events.recent({ tenant: callerOf(request).tenant, key, type, limit: RECENT })
      : [];
    const event = recent.find((each) => String(each.id) === id);
    const shown =
      event === undefined ? unknownEvent(trigger) : readEvent(trigger, shownEvent(event), services.clock());
    return sendAnswer(reply, JSON.stringify({ ok: true, event: shown }));
  });
}

/**
 * An instant trigger gives one bundle, whatever is delivered, and an error would switch its scenario off: anybody who
 * knows the webhook's address could do that. So the bundle has nothing but a message.
 */
const unknownEvent = (trigger: Trigger) => ({
  ...Object.fromEntries(trigger.outputs.map((output) => [output.id, null])),
  message: `OnceOnly knows no such event. Somebody else may have sent this to the webhook, or the event is forgotten, or older than the newest ${count(RECENT)} of its kind. The dashboard of your OnceOnly server shows each key.`,
});

const isTrigger = (id: string): id is TriggerId => Object.hasOwn(triggersAsShown, id);

async function run(client: ReturnType<typeof createMakeClient>, id: OperationId, given: Given) {
  const { test_only: isTest, on_duplicate: onDuplicate, ...others } = given;
  const isTested = readSwitch(TEST_ONLY, isTest);
  const raises = onDuplicate === 'raise';
  const inputs = { ...others, on_duplicate: raises ? 'stop' : onDuplicate };
  const ran =
    isTested || isOfTest(given['claim_token'])
      ? await client.preview(id, inputs)
      : // Without a reference nobody could tell a repeated request from another run, so nothing waits for one.
        await client.perform(id, inputs, {
          waits: () => asText(given['run_reference'] as Json).trim() !== '',
        });

  const what = asText(ran.outputs['status'] ?? null);
  // Who waits for another key of its group may be sure that it holds nothing itself.
  const mayBeItself =
    id === 'claimKey' && what === 'in_progress' && (ran.outputs['waits_for'] ?? null) === null;
  const message = asText(ran.outputs['message'] ?? null) + (mayBeItself ? PERHAPS_ITSELF : '');
  const bundle = { ...ran.outputs, message };
  const end = ENDS_ON_MAKE[ran.then];
  if (end === 'bundle') return { ok: true, items: [bundle], message };
  if (end !== 'no bundle') throw makeError(end, what, message);
  // What comes after an error is for its handler to say.
  if (raises && what !== 'in_progress')
    throw makeError('DuplicateDataError', what, message.replace(STOPPED, ''));
  return { ok: true, items: [], message };
}

/** A field that only the Make app has. */
const TEST_ONLY = { id: 'test_only', label: 'Test only' };

const isOfTest = (token: unknown): boolean => typeof token === 'string' && readToken(token).kind === 'test';
