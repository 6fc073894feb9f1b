import { OnceOnlyError } from '../errors.ts';
import type { Inputs } from '../inputs.ts';
import { asText, type Json, type JsonObject } from '../json.ts';
import { operations } from '../operations/index.ts';
import { attempt, isRefused } from './items.ts';
import { type Answered, sendBatches } from './batch.ts';
import type { Call } from './call.ts';
import { turnMs, unanswered, waitsUntil } from './claim.ts';
import { readOutputs, toWire } from './translate.ts';
import type { Item, ManyTools, Performed } from './items.ts';

const operation = operations.claimKey;

const ASK_AGAIN_MS = 2_000;

/**
 * Claims in batches. Keys that another run holds are claimed again while there is time to wait, but only until an item of this
 * call gets its key: that item goes on when the call ends, and must not be delayed. Only the last try counts as a duplicate.
 */
export async function claimMany(
  tools: ManyTools,
  call: Call,
  items: readonly Item[],
): Promise<readonly Performed[]> {
  const waitUntil = waitsUntil(call);
  const claims = await Promise.all(items.map((item) => attempt(() => prepare(tools, call, item))));
  const valid = claims.flatMap((claim) => (isRefused(claim) ? [] : [claim]));
  const longestTurnMs = valid.reduce((longest, { inputs }) => Math.max(longest, turnMs(inputs)), 0);
  const turnUntil = call.timing.now() + longestTurnMs;
  const patient = { ...call, deadlineAt: Math.max(call.deadlineAt, turnUntil) };
  await send(call, valid, { last: false });
  for (let last = false; !last;) {
    const open = valid.filter(
      (claim) => claim.waits && isIn(claim, 'in_progress', 'polling') && saysOf(claim, 'same_run') !== true,
    );
    const until = open.some((claim) => saysOf(claim, 'busy') === 'group')
      ? Math.max(waitUntil, turnUntil)
      : waitUntil;
    if (open.length === 0) break;
    last = valid.some((claim) => isIn(claim, 'acquired')) || call.timing.now() + ASK_AGAIN_MS > until;
    if (!last) await call.timing.sleep(ASK_AGAIN_MS);
    await send(patient, open, { last });
  }
  return Promise.all(
    claims.map((claim) => attempt(() => (isRefused(claim) ? claim : outcome(claim, call.timing.now())))),
  );
}

interface Prepared {
  readonly inputs: Inputs;
  readonly holder: string;
  readonly body: JsonObject;
  readonly waits: boolean;
  answered?: Answered | undefined;
}

async function prepare(tools: ManyTools, call: Call, { inputs, context }: Item): Promise<Prepared> {
  const read = tools.read(operation, inputs);
  const named = tools.name(operation, read);
  await tools.refuse(call, operation, read);
  const holder = context?.holder ?? call.newId();
  const run = context?.run;
  const { origin } = call;
  const added = { holder, ...(run !== undefined && { run }), ...(origin && { origin }) };
  const { body = {} } = toWire(operation.requests[0], named, added);
  const waits = read['on_duplicate'] !== 'watch' && (context?.waits?.(asText(body['key'])) ?? true);
  return { inputs: named, holder, body, waits };
}

async function send(call: Call, claims: readonly Prepared[], { last }: { last: boolean }): Promise<void> {
  const bodies = claims.map(({ body, waits }) => (waits && !last ? { ...body, tries_again: true } : body));
  const answers = await sendBatches(call, '/v1/ai/lease/batch', bodies);
  claims.forEach((claim, index) => {
    claim.answered = answers[index];
  });
}

const saysOf = ({ answered }: Prepared, member: string): Json =>
  answered !== undefined && 'answer' in answered ? (answered.answer[member] ?? null) : null;

const isIn = (claim: Prepared, ...statuses: string[]): boolean =>
  statuses.includes(asText(saysOf(claim, 'status')));

function outcome({ inputs, holder, answered }: Prepared, now: number): Performed {
  const got = answered ?? { error: new OnceOnlyError('no_answer') };
  const answer = 'error' in got ? unanswered(inputs, holder, got.error) : got.answer;
  return readOutputs(operation, inputs, answer, now);
}
