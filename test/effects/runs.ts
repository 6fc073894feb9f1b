import { openClient } from '../platforms/client.ts';
import { openMake } from '../platforms/make.ts';
import type { Connection, Outcome, Platform } from '../platforms/platform.ts';
import { openZapier } from '../platforms/zapier.ts';

/** What a run may do: its effect, given what the claim told it. */
export type Effect = (claimed: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** One run of an automation without the steps. */
export const runWithout = async (effect: Effect): Promise<void> => {
  await effect({});
};

/** Where an effect is tried: the client by itself, and the built apps. A real n8n has suites of its own. */
export const STEPS: readonly (readonly [where: string, open: (world: Connection) => Promise<Platform>])[] = [
  ['the client', (world) => Promise.resolve(openClient(world))],
  ['Zapier', (world) => openZapier(world)],
  ['Make', openMake],
];

/** One run with them, of a program that uses the client. */
export const runWith = (
  world: Connection,
  inputs: Readonly<Record<string, unknown>>,
  effect: Effect,
): Promise<Outcome> => runOn(openClient(world), inputs, effect);

/** One run with them: claim, effect, complete. Where the effect throws, the key fails, `no_effect` as the error says. */
export async function runOn(
  step: Platform,
  inputs: Readonly<Record<string, unknown>>,
  effect: Effect,
): Promise<Outcome> {
  const claimed = await step.run('claimKey', inputs);
  if (claimed.kind !== 'continued') return claimed;
  const { claim_token } = claimed.outputs;
  let result: unknown;
  try {
    result = await effect(claimed.outputs);
  } catch (error) {
    const no_effect = error instanceof Declined;
    return step.run('failKey', { claim_token, reason: 'declined', no_effect });
  }
  return step.run('completeKey', { claim_token, result });
}

/** The provider said no, and did nothing. */
export class Declined extends Error {
  override readonly name = 'Declined';
}

export const DUPLICATES = 5;

/** The same event, delivered that often at once. */
export const atOnce = <T>(run: () => Promise<T>): Promise<readonly T[]> =>
  Promise.all(Array.from({ length: DUPLICATES }, run));
