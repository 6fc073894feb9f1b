import { LIMITS } from '@onceonly/shared/limits.ts';
import { compareSequences, readSequence } from '@onceonly/shared/sequence.ts';
import type { FastifyRequest } from 'fastify';
import { Type, type TSchema } from 'typebox';
import { answering, batchOf, FinishAnswer, LeaseAnswer } from '../answer-schemas.ts';
import { logFailure } from '../../log-failure.ts';
import { resultOfClaim } from '../../telemetry.ts';
import type { Answer } from '../answers.ts';
import { callerOf } from '../auth.ts';
import { refusalOfFailure } from '../error-answers.ts';
import { invalidFields, NAMED_FAULTS, tooLongList, type SchemaFault } from '../invalid-fields.ts';
import { wantsOutcomes } from '../outcomes.ts';
import { elementsOf, rawMember } from '../raw-json.ts';
import { invalid, type Refusal } from '../refusal.ts';
import { createYield } from '../yield-to-others.ts';
import { sendAnswer, type App, type Services } from '../services.ts';
import { complete, CompleteBody } from './finish.ts';
import { withKey, type Keyed } from '../keyed-claim.ts';
import { claimAnswer, LeaseBody, readClaim } from './lease.ts';

/** Items are validated one by one, so that an invalid one does not fail the others. */
const BatchBody = Type.Object({
  items: Type.Array(Type.Unknown(), { minItems: 1, maxItems: LIMITS.batchItems }),
});

/** Many keys in one request. Each item gets its own answer, and none fails the others. */
export function batchRoutes(app: App, services: Services): void {
  const options = (summary: string, item: TSchema, answer: TSchema) => ({
    bodyLimit: LIMITS.batchBodyBytes,
    config: {
      shownBody: Type.Object({ items: Type.Array(item, { minItems: 1, maxItems: LIMITS.batchItems }) }),
    },
    schema: { summary, body: BatchBody, response: answering(batchOf(answer)) },
  });

  const leases = options('Claims up to 500 keys', LeaseBody, LeaseAnswer);
  const claiming = { ...leases, config: { ...leases.config, rateLimit: 'items' as const } };
  app.post('/ai/lease/batch', claiming, async (request, reply) => {
    const { tenant } = callerOf(request);
    const asOutcome = wantsOutcomes(request);
    /** Keys that are in progress after an earlier item of this batch. Later items do not get them, even with the same holder. */
    const held = new Set<string>();
    const keyed = (item: LeaseBody, itemText: string) => withKey(services.tasks, tenant, item, itemText);
    const items = itemsOf(request, LeaseBody, keyed, async (item: Keyed<LeaseBody>, itemText) => {
      const claim = readClaim(tenant, item, itemText);
      if ('status' in claim) return claim;
      if ((item.wait ?? 0) > 0) return invalid('wait', 'wait works with a single claim only.', item.wait);
      const outcome = await services.store.claims.claim(
        held.has(item.key) ? { ...claim, holder: null } : claim,
      );
      services.claimed(resultOfClaim(outcome));
      if (outcome.outcome === 'acquired' || outcome.outcome === 'in_progress') held.add(item.key);
      return claimAnswer(claim, outcome, asOutcome, item.derivedFrom);
    });
    return sendAnswer(reply, await answerItems(items, newestFirst(items.items)));
  });

  const completes = options('Completes up to 500 keys', CompleteBody, FinishAnswer);
  const completing = { ...completes, config: { ...completes.config, rateLimit: 'exempt' as const } };
  app.post('/ai/complete/batch', completing, async (request, reply) => {
    const { tenant } = callerOf(request);
    const asOutcome = wantsOutcomes(request);
    const items = itemsOf(
      request,
      CompleteBody,
      (item: CompleteBody) => Promise.resolve({ item }),
      (item, itemText) => complete(services, tenant, item, itemText, asOutcome),
    );
    return sendAnswer(reply, await answerItems(items));
  });
}

interface Items<Sent, Item> {
  readonly items: readonly unknown[];
  /** The JSON text of each item, as it was sent. */
  readonly texts: Iterable<string>;
  /** What is wrong with an item; null if it is valid. */
  readonly faultsOf: (item: unknown) => readonly SchemaFault[] | null;
  /** Adds the key to an item. */
  readonly withKey: (item: Sent, itemText: string) => Promise<{ readonly item: Item } | Refusal>;
  readonly failed: (error: unknown) => void;
  readonly answer: (item: Item, itemText: string) => Promise<Answer>;
}

function itemsOf<Sent, Item>(
  request: Pick<FastifyRequest, 'body' | 'bodyText' | 'compileValidationSchema' | 'log' | 'server'>,
  schema: TSchema,
  withKey: Items<Sent, Item>['withKey'],
  answer: Items<Sent, Item>['answer'],
): Items<Sent, Item> {
  const check = request.compileValidationSchema(schema);
  return {
    items: (request.body as { items: readonly unknown[] }).items,
    texts: elementsOf(rawMember(request.bodyText, 'items') ?? '[]'),
    faultsOf(item) {
      const tooLong = tooLongList(schema, item);
      if (tooLong !== null) return [tooLong];
      return check(item) ? null : ((check.errors ?? []) as unknown as SchemaFault[]);
    },
    withKey,
    failed: (error) => {
      logFailure(request.server, request.log, error, 'item of a batch failed');
    },
    answer,
  };
}

/**
 * Answers the items, in their order. Different keys go to the store concurrently, so that they share its commits; items with
 * the same key go one after the other. An error becomes the answer of its item only, since other items may have leases.
 */
async function answerItems<Sent, Item extends { readonly key: string }>(
  of: Items<Sent, Item>,
  order: readonly number[] = of.items.map((_, index) => index),
): Promise<string> {
  const lastOf = new Map<string, Promise<unknown>>();
  const yieldToOthers = createYield();
  let faultsLeft = NAMED_FAULTS;
  const failed = (error: unknown): Refusal => {
    const refusal = refusalOfFailure(error);
    if (refusal.status >= 500) of.failed(error);
    return refusal;
  };

  /** Returns the item's answer, or the promise of one. It is called in order, so that items with the same key stay in order. */
  async function begin(item: unknown, text: string): Promise<Answer | { readonly begun: Promise<Answer> }> {
    const faults = of.faultsOf(item);
    if (faults !== null) {
      const atMost = Math.max(1, faultsLeft);
      faultsLeft -= Math.min(atMost, faults.length);
      return { status: 422, detail: invalidFields(faults, 'body', atMost) };
    }
    const keyed = await of.withKey(item as Sent, text);
    if (!('item' in keyed)) return keyed;
    const valid = keyed.item;
    const mine = Promise.resolve(lastOf.get(valid.key)).then(() => of.answer(valid, text));
    lastOf.set(
      valid.key,
      mine.catch(() => undefined),
    );
    return { begun: mine };
  }

  const texts = [...of.texts];
  const answers: Promise<string>[] = [];
  for (const index of order) {
    await yieldToOthers();
    const answer = await begin(of.items[index], texts[index] ?? '{}').catch(failed);
    const begun = typeof answer === 'object' && 'begun' in answer ? answer.begun : Promise.resolve(answer);
    answers[index] = begun.catch(failed).then(itemText);
  }
  return `{"items":[${(await Promise.all(answers)).join(',')}]}`;
}

/** The order in which items are claimed: as sent, except that the changes of one group go newest first. */
function newestFirst(items: readonly unknown[]): readonly number[] {
  const ofGroup = Map.groupBy(
    items.flatMap((item, index) => {
      const { group, sequence } = (item ?? {}) as { readonly group?: unknown; readonly sequence?: unknown };
      const read = readSequence(sequence);
      return typeof group === 'string' && read !== null ? [{ group, sequence: read, index }] : [];
    }),
    ({ group }) => group,
  );
  const order = items.map((_, index) => index);
  for (const changes of ofGroup.values()) {
    const sorted = changes.toSorted(
      (one, other) => compareSequences(other.sequence, one.sequence) ?? one.index - other.index,
    );
    changes.forEach(({ index }, place) => (order[index] = sorted[place]?.index ?? index));
  }
  return order;
}

function itemText(answer: Answer): string {
  if (typeof answer === 'string') return answer;
  return JSON.stringify({ error: { status: answer.status, detail: answer.detail } });
}
