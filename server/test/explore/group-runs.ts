import { explore } from './explorer.ts';
import { groupMachine } from './group-machine.ts';
import type { Run, Runs } from './group-state.ts';

export const event = (key: string, sequence: number | null, more: Partial<Run> = {}): Run => ({
  key,
  sequence: sequence === null ? null : `n${String(sequence)}`,
  ...more,
});

/** Each event is delivered so often. */
export const runs = (deliveries: number, events: readonly Run[], more: Partial<Runs> = {}): Runs => ({
  events,
  deliveries,
  ...more,
});

/** Explores each group whole, and counts its states. */
export function expectPromises(groups: Readonly<Record<string, Runs>>): void {
  jest.setTimeout(300_000);
  test.each(Object.entries(groups))('every state of a group keeps every promise: %s', (name, of) => {
    const explored = explore(groupMachine(of));
    process.stdout.write(`${name}: ${JSON.stringify(explored)}\n`);
    expect(explored.states).toBeGreaterThan(10_000);
  });
}
