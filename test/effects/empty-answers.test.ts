import { isEmptyResult } from '@onceonly/shared';
import axios from 'axios';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openClient } from '../platforms/client.ts';
import { openWorld, type World } from '../world.ts';
import { openThinker, type Thinker } from './thinker.ts';

/** Each is tried again until it is answered, and then delivered again, as senders do: ten deliveries. */
const DELIVERIES = 10;
const ATTEMPTS = 3;
/** Six tickets are answered at once, two at the third try, two never. */
const TICKETS = Array.from({ length: 10 }, (_, index) => `ticket-${String(index)}`);
const SILENCES = [0, 0, 0, 0, 0, 0, 2, 2, Infinity, Infinity];

let world: World;
let thinker: Thinker;
let answered: string[];
let told: string[];
beforeEach(async () => {
  answered = [];
  told = [];
  world = await openWorld();
  thinker = await openThinker((ticket) => SILENCES[TICKETS.indexOf(ticket)] ?? 0);
});
afterEach(async () => {
  await thinker.close();
  await world.close();
});

interface Completion {
  readonly choices: readonly { readonly message: { readonly content: string } }[];
}

async function ask(ticket: string): Promise<Completion> {
  const messages = [{ role: 'user', content: ticket }];
  return (await axios.post<Completion>(thinker.url, { model: 'thinker', messages }, { proxy: false })).data;
}

/** The customer hears what the model said. */
function send(ticket: string, completion: Completion): void {
  if (!isEmptyResult(completion)) answered.push(ticket);
}

async function deliverAll(handle: (ticket: string) => Promise<void>): Promise<void> {
  for (let delivery = 1; delivery <= DELIVERIES; delivery += 1) await Promise.all(TICKETS.map(handle));
}

const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/guides/empty-answers.md'), 'utf8');

/** What was measured is what the guide says: calls, tokens for nothing, tickets answered, and answered more than once. */
function expectInGuide(row: string): void {
  const line = GUIDE.split('\n').find((each) => each.startsWith(`| ${row} `)) ?? '';
  const said = line
    .split('|')
    .slice(2, -1)
    .map((cell) => parseInt(cell.replace(',', ''), 10));
  const tickets = new Set(answered);
  const again = [...tickets].filter((ticket) => answered.indexOf(ticket) !== answered.lastIndexOf(ticket));
  expect(said).toEqual([thinker.calls, thinker.tokensForNothing, tickets.size, again.length]);
}

const unguarded = async (ticket: string): Promise<void> => {
  send(ticket, await ask(ticket));
};

/** The agent's loop with the steps; `reject_empty` and `max_attempts` as the guide says, or left as they are. */
const guarded =
  (options: { readonly max_attempts?: number; readonly reject_empty?: boolean }) =>
  async (ticket: string): Promise<void> => {
    const { max_attempts, reject_empty } = options;
    const step = openClient(world);
    const claimed = await step.run('claimKey', { job: 'answer-ticket', key: ticket, max_attempts });
    if (claimed.kind === 'told') told.push(ticket);
    if (claimed.kind !== 'continued') return;
    const completion = await ask(ticket);
    send(ticket, completion);
    const { claim_token } = claimed.outputs;
    await step.run('completeKey', { claim_token, result: completion, reject_empty });
  };

test('without the steps, each delivery is billed, and each answer is sent again', async () => {
  await deliverAll(unguarded);
  expect(thinker.calls).toBe(100);
  expect(thinker.tokensForNothing).toBe(2_000 * (2 * 2 + 2 * DELIVERIES));
  expect(answered).toHaveLength(6 * DELIVERIES + 2 * (DELIVERIES - 2));
  expectInGuide('without the steps');
});

test('with them, the model is billed 18 calls in place of 100, and all that can be answered is, once', async () => {
  await deliverAll(guarded({ max_attempts: ATTEMPTS, reject_empty: true }));
  // One for each that is answered at once, three for each of the others, then no more.
  expect(thinker.calls / (TICKETS.length * DELIVERIES)).toBe(0.18);
  expect(thinker.tokensForNothing).toBe(2_000 * (2 * 2 + 2 * ATTEMPTS));
  expect(answered.sort()).toEqual(TICKETS.slice(0, 8));
  expect([...new Set(told)]).toEqual(TICKETS.slice(8));
  const seen = await openClient(world).run('getKey', { job: 'answer-ticket', key: 'ticket-9' });
  expect(seen).toMatchObject({
    outputs: { status: 'exhausted', attempt: ATTEMPTS, error_code: 'empty_output' },
  });
  expectInGuide('and **Give Up After (Attempts)** `3`');
});

test('with claims alone, what came back empty counts as done, and four are never answered', async () => {
  await deliverAll(guarded({}));
  expect(thinker.calls).toBe(10);
  expect(thinker.tokensForNothing).toBe(2_000 * 4);
  expect(answered.sort()).toEqual(TICKETS.slice(0, 6));
  expectInGuide('claims alone');
});

test('with empty answers rejected but no limit, the two that never work are paid for at each delivery', async () => {
  await deliverAll(guarded({ reject_empty: true }));
  expect(thinker.calls).toBe(6 + 2 * 3 + 2 * DELIVERIES);
  expect(thinker.tokensForNothing).toBe(2_000 * (2 * 2 + 2 * DELIVERIES));
  expect(answered.sort()).toEqual(TICKETS.slice(0, 8));
  expectInGuide('and **An Empty Result Is a Failure**');
});
