import type { Platform } from '../platforms/platform.ts';
import { openWorld, sqlite, type OpenStoreUnderTest, type World, type WorldOptions } from '../world.ts';
import { agentScenarios } from './agents.ts';
import { deliveryScenarios } from './deliveries.ts';
import { groupScenarios } from './groups.ts';
import { scenarios, type Scenario } from './scenarios.ts';

const all = [...scenarios, ...deliveryScenarios, ...agentScenarios, ...groupScenarios];

/** Plays every scenario, or `which`, on a platform, with each of the stores. */
export function playScenarios(
  name: string,
  open: (world: World) => Promise<Platform> | Platform,
  stores: Readonly<Record<string, OpenStoreUnderTest>> = { sqlite },
  { which = all, ...options }: WorldOptions & { readonly which?: readonly Scenario[] } = {},
): void {
  describe.each(Object.keys(stores))(`${name} on %s`, (store) => {
    let world: World;
    let platform: Platform;

    beforeEach(async () => {
      world = await openWorld(stores[store], options);
      platform = await open(world);
    });

    afterEach(async () => {
      await platform.close();
      await world.close();
    });

    test.each(which.map((each) => [each.name, each] as const))('%s', async (_, scenario) => {
      expect.hasAssertions();
      await scenario.play(platform, world);
    });
  });
}
