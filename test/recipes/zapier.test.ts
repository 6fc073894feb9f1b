import { openZapierProcess, type ZapierProcess } from '../platforms/zapier-process.ts';
import { openZapier } from '../platforms/zapier.ts';
import { useHabits } from './habits.ts';
import { useRecipes } from './play.ts';

let app: ZapierProcess;
beforeAll(async () => {
  // How a step waits its twenty seconds, test/zapier/replay.test.ts shows.
  app = await openZapierProcess({ waitMs: 1_500 });
});
afterAll(() => app.close());

const { expectDoneOnce, expectEmptyGivenUp } = useRecipes('zapier', (world) => openZapier(world, app));

test.each([
  ...['Stripe', 'Shopify', 'GitHub', 'Slack', 'Standard Webhooks', 'Twilio', 'HubSpot', 'Typeform'],
  ...['Any other webhook', 'E-mail', 'Database rows', 'Forms', 'AI agents'],
])('%s: each event is done once', async (source) => {
  await expectDoneOnce(source);
});

test('Models that return nothing: tried again, and given up in the end', async () => {
  await expectEmptyGivenUp();
});

const habits = useHabits('zapier', (world) => openZapier(world, app));

test.each([
  ...['One at a time per customer', 'Changes of a record', 'My own write starts my automation again'],
  ...['Look before you repeat', 'Watch first', 'Stripe: an older change does not follow a newer one'],
])('%s', async (guide) => {
  await habits[guide]?.();
  expect(Object.keys(habits)).toContain(guide);
});
