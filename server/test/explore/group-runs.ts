import { explore } from './explorer.ts';
import { groupMachine } from './group-machine.ts';
import type { Runs } from './group-state.ts';

type Event = Runs[number];

export const event = (key: string, sequence: number | null, more: Partial<Event> = {}): Event => ({
  key,
  sequence: sequence === null ? null : `n${String(sequence)}`,
  ...more,
});

/** Each event is delivered so often. */
export const runs = (deliveries: number, events: readonly Event[], more: Partial<Runs> = {}): Runs =>
  Object.assign([...events], { deliveries, ...more });

/** Explores each group whole, and counts its states. */
export function expectPromises(groups: Readonly<Record<string, Runs>>): void {
  jest.setTimeout(300_000);
  test.each(Object.entries(groups))('every state of a group keeps every promise: %s', (name, of) => {
    const explored = explore(groupMachine(of));
    process.stdout.write(`${name}: ${JSON.stringify(explored)}\n`);
    expect(explored.states).toBeGreaterThan(10_000);
  });
}
